import { provenBy, readsLab } from '../../reading/lab/proven-by.ts';
import { judgePolling } from '../../reading/server/healthchecks.ts';
import type { Row } from '../../row.ts';
import { judgeJson, judgeObservedTime, judgeOpenPath } from './health-path.ts';
import { judgePollingLoad, judgePrompt } from './health-polling.ts';
import { judgeDegrading } from './health-stalled.ts';
import { judgePolledPaths } from './polled-path.ts';
import { judgePorts } from './ports.ts';
import { remedies } from './remedies.ts';

export const healthEndpoint: Row = {
  id: 'health-endpoint',
  title: 'Health check endpoint',
  category: 'Reliability',
  level: 'required',
  why: 'Without a health path, a load balancer keeps sending calls to a server whose upstream is down. You hear of it from users.',
  fix: 'Serve GET /health without credentials. Return JSON with "status": 200 when operational, 503 when degraded, within 1 s. Poll it every 30 to 60 s.',
  basis: [
    'Production readiness: Health Check Endpoints; checklist: Reliability (Required)',
    'Kubernetes, liveness, readiness and startup probes: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'Dockerfile reference, HEALTHCHECK: https://docs.docker.com/reference/dockerfile/#healthcheck',
    'RFC 9110 section 15.6.4 (503)',
  ],
  remedies,
  only: { transport: 'http', because: 'its client starts it and sees whether it runs' },
  headline: 'degrades-and-recovers',
  criteria: [
    {
      id: 'open-path',
      kind: 'core',
      title: 'A health path answers 200 or 503 without credentials',
      observed: judgeOpenPath,
    },
    {
      id: 'json',
      kind: 'extra',
      title: 'The health path returns a JSON object',
      observed: judgeJson,
    },
    {
      id: 'prompt',
      kind: 'core',
      title: 'The health path answers within 1 s',
      observed: judgeObservedTime,
      proven: readsLab(['baseline'], ({ baseline }) => judgePrompt(baseline)),
    },
    {
      id: 'polled-path-exists',
      kind: 'core',
      title: 'The deployment polls a path that exists',
      fix: 'Point the health check or probe of the deployment at a path that the server answers.',
      supporting: true,
      observed: judgePolledPaths,
    },
    {
      id: 'ports-agree',
      kind: 'core',
      title: 'The server listens on the polled and published ports',
      fix: 'Let the health check, the published port and PORT name the same port.',
      supporting: true,
      declared: judgePorts,
    },
    {
      id: 'polled',
      kind: 'extra',
      attestable: { by: 'a monitor or load balancer that polls the health path' },
      title: 'The platform polls the server',
      fix: 'Poll the health path every 30 s: add a HEALTHCHECK to the Dockerfile or compose file, probes in Kubernetes, or a check in fly.toml.',
      declared: judgePolling,
    },
    {
      id: 'degrades-and-recovers',
      kind: 'core',
      about: 'upstream',
      title: 'The health path returns 503 while the upstream is down, and 200 again afterwards',
      fix: 'Check the upstream with a deadline below 1 s, at most every few seconds. Return 503 when the check fails, and 200 as soon as it succeeds again.',
      proven: judgeDegrading,
      experiment: 'make the upstream refuse connections, then stall, then recover',
    },
    {
      id: 'gentle',
      kind: 'extra',
      about: 'upstream',
      title: 'Polling costs few upstream requests',
      fix: 'Cache the upstream status for a few seconds. Let concurrent polls share one upstream request.',
      proven: provenBy('health-polling', judgePollingLoad),
      experiment: 'poll the health path and count upstream requests',
    },
  ],
};
