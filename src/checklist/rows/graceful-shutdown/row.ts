import { provenBy } from '../../reading/lab/proven-by.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import type { Row } from '../../row.ts';
import { judgeCallFinishes } from './call-in-flight.ts';
import { judgeExitsCleanly } from './clean-exit.ts';
import { judgeAnsweredAtEnd, judgeEndsWithInput } from './end-of-input.ts';
import { judgeRefusesNew } from './new-requests.ts';
import { judgeStreamsEnd } from './open-streams.ts';
import { remedies } from './remedies.ts';
import { judgeExit, judgeSignalHandlers } from './signal-handling.ts';
import { judgeTimeToStop } from './time-to-stop.ts';

const closeStdin = 'launch the server as a client does, with --stdio, and close its stdin';

export const gracefulShutdown: Row = {
  id: 'graceful-shutdown',
  title: 'SIGTERM drains and exits cleanly',
  category: 'Reliability',
  level: 'required',
  why: 'Every deployment sends SIGTERM. A server that drops its calls then fails its users at each release.',
  fix: 'On SIGTERM, report not ready, finish calls in flight within a time limit, end streams, then exit with code 0. Start the server directly, not through npm or a shell.',
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
      about: 'upstream',
      title: 'SIGTERM lets a call in flight finish',
      declared: judgeSignalHandlers,
      reads: ['source'],
      proven: provenBy('shutdown', judgeCallFinishes),
      experiment: 'send SIGTERM to the start command with a call in flight',
    },
    {
      id: 'exits-cleanly',
      kind: 'core',
      title: 'SIGTERM ends the server in time, with code 0 and no process left',
      declared: judgeExit,
      reads: ['source'],
      proven: provenBy('shutdown', judgeExitsCleanly),
      experiment: 'send SIGTERM to the start command and watch the processes',
    },
    {
      id: 'refuses-new',
      kind: 'core',
      title: 'The server refuses new requests while it drains',
      only: { transport: 'http', because: 'its only client is the one that stops it' },
      proven: provenBy('shutdown', judgeRefusesNew),
      experiment: 'send new requests after SIGTERM',
    },
    {
      id: 'ends-with-input',
      kind: 'core',
      title: 'The server exits when stdin closes, with code 0 and no process left',
      supporting: true,
      only: { transport: 'stdio', because: 'its clients send HTTP requests, not stdin' },
      fix: 'When stdin closes, answer the messages that were read, then exit with code 0.',
      proven: provenBy('end-of-input', judgeEndsWithInput),
      experiment: closeStdin,
    },
    {
      id: 'answers-before-end',
      kind: 'extra',
      title: 'The server answers what it read before stdin closed',
      only: { transport: 'stdio', because: 'its clients send HTTP requests, not stdin' },
      fix: 'When stdin closes, wait for calls in flight within a time limit, then exit.',
      proven: provenBy('end-of-input', judgeAnsweredAtEnd),
      experiment: closeStdin,
    },
    {
      id: 'time-to-stop',
      kind: 'extra',
      attestable: { by: 'a stop timeout that the platform sets' },
      title: 'The platform stops the server with a signal that it can handle, and with enough time',
      only: { transport: 'http', because: 'its client stops it, not a platform' },
      fix: 'Allow more time than the drain takes: stop_grace_period in compose, terminationGracePeriodSeconds in Kubernetes, TimeoutStopSec= in systemd, kill_timeout in fly.toml and PM2.',
      declared: (project) => judgeUnits(project, judgeTimeToStop),
    },
    {
      id: 'streams-end',
      kind: 'extra',
      title: 'SIGTERM ends open streams cleanly',
      only: { transport: 'http', because: 'it has no event streams' },
      fix: 'On SIGTERM, end each open event stream with response.end(). Its client then reconnects to another instance. A broken stream may look like an error.',
      proven: provenBy('shutdown', judgeStreamsEnd),
      experiment: 'send SIGTERM while a stream is open',
    },
  ],
};
