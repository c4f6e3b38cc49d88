import type { Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { parseObject } from '../../../text/json.ts';
import { provenBy, readsLab } from '../../reading/lab/proven-by.ts';
import { healthchecks, judgePolling, mayAskAnotherPort, pathOf } from '../../reading/server/healthchecks.ts';
import { placeText } from '../../reading/server/stages.ts';
import { whyUnread } from '../../reading/server/unfinished.ts';
import { answerOf, exchangeOf, summary, unsent } from '../../reading/wire/exchanges.ts';
import {
  hasHealthStatus,
  healthAnswers,
  healthOf,
  isFallback,
  isSilent,
  orchestratorPaths,
  statusOf,
} from '../../reading/wire/health-responses.ts';
import {
  contradiction,
  fail,
  inconclusive,
  needsExperiment,
  notApplicable,
  pass,
  type Row,
} from '../../row.ts';
import { judgePollingLoad, judgePrompt, prompt } from './health-polling.ts';
import { judgeDegrading } from './health-stalled.ts';
import { judgePorts } from './ports.ts';
import { remedies } from './remedies.ts';

export const healthEndpoint: Row = {
  id: 'health-endpoint',
  title: 'Health check endpoint',
  category: 'Reliability',
  level: 'required',
  why: 'Without a path to poll, a load balancer goes on sending calls to a server whose upstream is gone, and you hear of it from users.',
  fix: 'Serve GET /health without credentials: JSON with "status", 200 when operational and 503 when degraded, answered within a second. Poll it every 30 to 60 s.',
  basis: [
    'Production readiness: Health Check Endpoints; checklist: Reliability (Required)',
    'Kubernetes, liveness, readiness and startup probes: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'Dockerfile reference, HEALTHCHECK: https://docs.docker.com/reference/dockerfile/#healthcheck',
    'RFC 9110 section 15.6.4 (503)',
  ],
  remedies,
  only: {
    transport: 'http',
    because: 'the client that starts it sees whether it lives, and nobody polls it',
  },
  headline: 'degrades-and-recovers',
  criteria: [
    {
      id: 'open-path',
      kind: 'core',
      title: 'A health path answers 200 or 503 without credentials',
      observed: (wire) => {
        const answering = healthOf(wire);
        if (answering) {
          const state =
            statusOf(answering) === 503
              ? '; it says that it is degraded, and whether it ever says 200 was not seen'
              : '';
          return pass(`${summary(answering)} without credentials${state}.`, answering);
        }
        const tried = healthAnswers(wire);
        if (tried.length === 0) return inconclusive(unsent(wire, 'No health path was tried.'));
        const silent = tried.find((exchange) => isSilent(wire, exchange));
        if (silent) return inconclusive(`${summary(silent)}, so it is not known whether it exists.`);
        const fallback = tried.find(
          (exchange) => hasHealthStatus(wire, exchange) && isFallback(wire, exchange),
        );
        if (fallback) {
          return fail(
            `${summary(fallback)}, but a path that cannot exist gets the like: it is a catch-all.`,
            fallback,
          );
        }
        const listed = tried.map((exchange) => summary(exchange)).join('; ');
        const probes = wire.health.paths.filter(
          ({ path, exchange }) => orchestratorPaths.has(path) && answerOf(wire, exchange)?.status === 200,
        );
        const elsewhere = wire.health.named ? '' : ' If it is elsewhere, name it with --health-path.';
        return fail(
          `${listed}.${elsewhere}${probes.length > 0 ? ` ${probes.map(({ path }) => path).join(' and ')} answered, but they tell whether the process takes traffic, not whether it works; name one with --health-path if it does.` : ''}`,
          ...tried,
        );
      },
    },
    {
      id: 'json',
      kind: 'core',
      title: 'The answer is a JSON object',
      observed: (wire) =>
        withHealth(wire, (exchange) => {
          const answer = answerOf(wire, exchange.id);
          if (!answer) return inconclusive(summary(exchange));
          const type = answer.headers['content-type'] ?? 'no content type';
          if (parseObject(answer.body)) return pass(`${summary(exchange)}: a JSON object.`, exchange);
          return answer.bodyEnd === 'complete'
            ? fail(
                `${summary(exchange)}: ${type}, ${answer.bodyBytes} bytes that are no JSON object.`,
                exchange,
              )
            : inconclusive(`${summary(exchange)}: the body did not end.`);
        }),
    },
    {
      id: 'prompt',
      kind: 'core',
      title: 'It answers within a second',
      observed: (wire, { lab }) =>
        withHealth(wire, (exchange) => {
          if (exchange.durationMs <= prompt) return pass(`${summary(exchange)}.`, exchange);
          return lab?.ownWire
            ? inconclusive(`${summary(exchange)}, while the lab launched other instances beside it.`)
            : fail(`${summary(exchange)}; a poll is given ${prompt} ms.`, exchange);
        }),
      proven: readsLab(['baseline'], ({ baseline }) => judgePrompt(baseline)),
    },
    {
      id: 'polled-path-exists',
      kind: 'core',
      title: 'What the deployment polls is a path that exists',
      fix: 'Point the health check or probe of the deployment at a path that the server answers.',
      supporting: true,
      observed: (wire, { project }) => {
        const checks = project ? healthchecks(project) : [];
        const polled = checks.flatMap(({ check, ports }) =>
          check.urls.flatMap((url) => {
            const path = pathOf(url);
            const probe = wire.health.polled.find((candidate) => candidate.path === path);
            const elsewhere = mayAskAnotherPort(url, ports);
            return probe ? [{ check, path, elsewhere, exchange: exchangeOf(wire, probe.exchange) }] : [];
          }),
        );
        const unasked = checks.flatMap(({ check }) =>
          check.urls.flatMap((url) => {
            const path = pathOf(url);
            return path === undefined || polled.some((probe) => probe.path === path) ? [] : [{ check, path }];
          }),
        )[0];
        if (polled.length === 0 && !unasked) {
          return project
            ? (whyUnread(project) ?? notApplicable('No health check of the deployment names a URL.'))
            : inconclusive('What polls the server is written in its project. Add --project <dir>.');
        }
        const silent = polled.find(({ exchange }) => isSilent(wire, exchange));
        if (silent)
          return inconclusive(`${placeText(silent.check.at)} polls it: ${summary(silent.exchange)}.`);
        const missing = polled.filter(({ exchange }) => ![200, 204, 503].includes(statusOf(exchange)));
        const wrong = missing.find(({ elsewhere }) => !elsewhere) ?? missing[0];
        if (wrong) {
          const finding = `The health check at ${placeText(wrong.check.at)} polls ${wrong.path}: ${summary(wrong.exchange)}.`;
          return wrong.elsewhere
            ? inconclusive(`${finding} But it asks a port of its own, which was not seen.`)
            : contradiction(finding, wrong.check.at, wrong.exchange);
        }
        if (unasked) {
          const why = /^[\w./~@:+-]+$/.test(unasked.path)
            ? unsent(wire, 'An audit requests few of the polled paths.')
            : "Of the paths in a project's files, an audit without --lab requests plain ones only.";
          return inconclusive(
            `The health check at ${placeText(unasked.check.at)} polls ${unasked.path}, which was not requested. ${why}`,
          );
        }
        const [first] = polled;
        return first
          ? pass(
              `The health check at ${placeText(first.check.at)} polls ${first.path}: ${summary(first.exchange)}.`,
              first.check.at,
              first.exchange,
            )
          : inconclusive('Nothing was polled.');
      },
    },
    {
      id: 'ports-agree',
      kind: 'core',
      title: 'What is polled and published is a port that the server listens on',
      fix: 'Let the health check, the published port and PORT name the same port.',
      supporting: true,
      declared: judgePorts,
    },
    {
      id: 'polled',
      kind: 'extra',
      title: 'The platform polls it',
      fix: 'Add a HEALTHCHECK to the Dockerfile or compose file, probes in Kubernetes, or a check in fly.toml, that polls the health path every 30 s.',
      declared: judgePolling,
    },
    {
      id: 'degrades-and-recovers',
      kind: 'core',
      title: 'It says 503 while the upstream is down, within a bound, and 200 again afterwards',
      fix: 'Ask the upstream with a deadline below a second, each time anew or every few seconds; answer 503 when it fails, and 200 as soon as it answers again.',
      proven: judgeDegrading,
      unseen: needsExperiment('take the upstream away, refused and stalled, and give it back'),
    },
    {
      id: 'gentle',
      kind: 'extra',
      title: 'Polling it does not hammer the upstream',
      fix: 'Keep what the upstream answered for a few seconds, and let polls that come meanwhile share one request.',
      proven: provenBy('health-polling', judgePollingLoad),
      unseen: needsExperiment('count what reaches the upstream while the path is polled'),
    },
  ],
};

function withHealth<T>(
  wire: WireEvidence,
  judge: (exchange: Exchange) => T,
): T | ReturnType<typeof inconclusive> {
  const exchange = healthOf(wire);
  return exchange ? judge(exchange) : inconclusive('No health path answered.');
}
