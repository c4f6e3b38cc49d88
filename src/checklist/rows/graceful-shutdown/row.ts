import { provenBy } from '../../reading/lab/proven-by.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import { needsExperiment, type Row } from '../../row.ts';
import { judgeAnsweredAtEnd, judgeEndsWithInput } from './end-of-input.ts';
import { remedies } from './remedies.ts';
import { judgeCallFinishes, judgeExitsCleanly, judgeRefusesNew, judgeStreamsEnd } from './shutdown.ts';
import { judgeExit, judgeSignalHandlers } from './signal-handling.ts';
import { judgeTimeToStop } from './time-to-stop.ts';

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
  remedies,
  headline: 'call-finishes',
  criteria: [
    {
      id: 'call-finishes',
      kind: 'core',
      title: 'A call in flight finishes',
      declared: judgeSignalHandlers,
      reads: ['source'],
      proven: provenBy('shutdown', judgeCallFinishes),
      unseen: needsExperiment('send SIGTERM to the start command with a call in flight'),
    },
    {
      id: 'exits-cleanly',
      kind: 'core',
      title: 'It exits with 0 within a bound and leaves nothing running',
      declared: judgeExit,
      reads: ['source'],
      proven: provenBy('shutdown', judgeExitsCleanly),
      unseen: needsExperiment('send SIGTERM and watch the processes'),
    },
    {
      id: 'refuses-new',
      kind: 'core',
      title: 'New requests are refused while it drains',
      only: { transport: 'http', because: 'the client that stops it is the only one that could ask' },
      proven: provenBy('shutdown', judgeRefusesNew),
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
      declared: (project) => judgeUnits(project, judgeTimeToStop),
    },
    {
      id: 'streams-end',
      kind: 'extra',
      title: 'Open streams end cleanly',
      only: { transport: 'http', because: 'it has no streams' },
      fix: 'On SIGTERM end each open event stream (response.end()), so that its client reconnects to another instance; what is cut off may be taken for an error.',
      proven: provenBy('shutdown', judgeStreamsEnd),
      unseen: needsExperiment('send SIGTERM with a stream open'),
    },
  ],
};
