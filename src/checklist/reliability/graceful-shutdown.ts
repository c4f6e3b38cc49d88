import { type Deployed, platformNames } from '../reading/deployed.ts';
import { judgeDeployed } from '../reading/deployments.ts';
import { provenBy } from '../reading/lab.ts';
import { judgeExit, judgeSignalHandlers } from '../reading/signal-handling.ts';
import { placeText } from '../reading/stages.ts';
import { judgeAnsweredAtEnd, judgeEndsWithInput } from '../reading/stdio.ts';
import { fail, inconclusive, type Judgement, needsExperiment, pass, type Row } from '../row.ts';

export const gracefulShutdown: Row = {
  id: 'graceful-shutdown',
  title: 'SIGTERM drains and exits cleanly',
  category: 'Reliability',
  level: 'required',
  why: 'Every deployment sends SIGTERM; a server that drops its calls then fails its users at each release.',
  fix: 'On SIGTERM report not ready, finish calls in flight up to a bound, end streams, then exit 0. Start the process itself, not npm or a shell.',
  basis: [
    'Production readiness: Scaling Considerations, "Graceful shutdown"',
    'The Twelve-Factor App, IX. Disposability: https://12factor.net/disposability',
    'Compose specification, stop_grace_period: https://docs.docker.com/reference/compose-file/services/#stop_grace_period',
    'systemd.kill(5) and TimeoutStopSec=: https://www.freedesktop.org/software/systemd/man/latest/systemd.kill.html',
    'Fly.io, kill_signal and kill_timeout: https://fly.io/docs/reference/configuration/',
    'PM2, graceful stop: https://pm2.keymetrics.io/docs/usage/signals-clean-restart/',
    'MCP 2025-11-25, lifecycle, shutdown over stdio: https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#stdio',
    'Kubernetes, pod termination: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  ],
  criteria: [
    {
      id: 'call-finishes',
      kind: 'core',
      title: 'A call in flight finishes',
      declared: judgeSignalHandlers,
      unseen: needsExperiment('send SIGTERM to the start command with a call in flight'),
    },
    {
      id: 'exits-cleanly',
      kind: 'core',
      title: 'It exits with 0 within a bound and leaves nothing running',
      declared: judgeExit,
      unseen: needsExperiment('send SIGTERM and watch the processes'),
    },
    {
      id: 'refuses-new',
      kind: 'core',
      title: 'New requests are refused while it drains',
      only: { transport: 'http', because: 'the client that stops it is the only one that could ask' },
      unseen: needsExperiment('call the server after SIGTERM'),
    },
    {
      id: 'ends-with-input',
      kind: 'core',
      title: 'It exits with 0 when its input ends, and leaves nothing running',
      supporting: true,
      only: { transport: 'stdio', because: 'it has no input that could end' },
      fix: 'When stdin ends, stop taking messages, answer those that were read, and exit 0.',
      proven: provenBy('end-of-input', judgeEndsWithInput),
      unseen: needsExperiment('launch the server as a client does, with --stdio, and close its stdin'),
    },
    {
      id: 'answers-before-end',
      kind: 'extra',
      title: 'What was read before its input ended is answered',
      only: { transport: 'stdio', because: 'it has no input that could end' },
      fix: 'When stdin ends, wait for the calls in flight, up to a bound, before the process exits.',
      proven: provenBy('end-of-input', judgeAnsweredAtEnd),
      unseen: needsExperiment('launch the server as a client does, with --stdio, and close its stdin'),
    },
    {
      id: 'time-to-stop',
      kind: 'extra',
      title: 'The platform asks it to stop, and waits before it kills',
      only: {
        transport: 'http',
        because: 'it is stopped by the client that starts it, and not by a platform',
      },
      fix: 'Give it longer than its own drain takes: stop_grace_period in compose, terminationGracePeriodSeconds in Kubernetes, TimeoutStopSec= in systemd, kill_timeout in fly.toml and PM2.',
      declared: (project) => judgeDeployed(project, judgeTimeToStop),
    },
    {
      id: 'streams-end',
      kind: 'extra',
      title: 'Open streams end cleanly',
      only: { transport: 'http', because: 'it has no streams' },
      unseen: needsExperiment('send SIGTERM with a stream open'),
    },
  ],
};

/** Seconds that each platform waits when nothing is said. */
const patience: Record<Deployed['platform'], number> = {
  compose: 10,
  kubernetes: 30,
  systemd: 90,
  fly: 5,
  render: 30,
  procfile: 30,
  ecs: 30,
  pm2: 1.6,
};

/** Less is no time to finish a call in, whose upstream may take as long. */
const enough = 5;

function judgeTimeToStop(one: Deployed): Judgement {
  const { title, at, platform, stopSeconds, stopSignal } = one;
  if (stopSignal?.known && /^(?:SIG)?(?:KILL|STOP)$|^9$/.test(stopSignal.value)) {
    return fail(`${title} is stopped with ${stopSignal.value} (${placeText(stopSignal.at)}).`, stopSignal.at);
  }
  if (!stopSeconds) {
    const finding = `${title} (${placeText(at)}) says nothing of it, and ${platformNames[platform]} waits ${patience[platform]} s.`;
    return patience[platform] >= enough ? pass(finding, at) : fail(finding, at);
  }
  if (!stopSeconds.known) {
    return inconclusive(`${title}: ${stopSeconds.text} (${placeText(stopSeconds.at)}): ${stopSeconds.why}`);
  }
  const finding = `${title} has ${stopSeconds.value} s to stop in (${placeText(stopSeconds.at)}).`;
  const seconds = stopSeconds.value === 'infinity' ? Number.POSITIVE_INFINITY : Number(stopSeconds.value);
  if (Number.isNaN(seconds)) return inconclusive(finding);
  // systemd waits for ever when it is given no time at all (systemd.service(5): TimeoutStopSec=).
  const waits = seconds >= enough || (platform === 'systemd' && seconds === 0);
  return waits ? pass(finding, stopSeconds.at) : fail(finding, stopSeconds.at);
}
