import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import { seconds } from '../../../text/durations.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { moment, outlivedCommand, sourcesOf, stopLimit } from './shutdown.ts';

/** Judges whether SIGTERM ends the server with code 0 in time, with no process left. */
export function judgeExitsCleanly(
  history: ShutdownHistory,
  _lab: LabEvidence,
  { project }: Evidence,
): Judgement {
  const { signalMs, leftAfterwards } = history;
  const { exit } = history.launch;
  const limit = stopLimit(project);
  if (exit === null) return judgeNoExit(history, limit);
  const afterMs = Math.max(0, exit.atMs - signalMs);
  const sources = sourcesOf(history);
  const commandEnded = `After SIGTERM, the start command ended ${howItEnded(exit)} within ${afterMs} ms`;
  if (outlivedCommand(history)) {
    const { processes, accepts, atMs } = leftAfterwards;
    const listening = accepts ? ` Port ${portOf(history)} still accepted connections.` : '';
    return fail(
      `${commandEnded}, but left ${processes.length === 1 ? '1 process' : `${processes.length} processes`} running.${listening} ` +
        'The signal must reach the server: start it directly ("node server.js"), not through npm, npx or a shell. In a shell script, use "exec".',
      ...sources,
      moment(atMs, `still running: ${processes.join(', ')}`),
    );
  }
  if (exit.code === 0 && listenerEndedLater(history)) {
    return inconclusive(
      `${commandEnded}, before the server stopped. A container stops when the start command exits, even while the server still drains. Start the server directly.`,
    );
  }
  const finding = `After SIGTERM, the server ended ${howItEnded(exit)} within ${afterMs} ms`;
  if (exit.code !== 0) {
    const why =
      exit.signal === 'SIGTERM' || exit.code === 143
        ? ' It has no handler for the signal, or a wrapper replaces its exit code.'
        : '';
    return fail(`${finding}; a clean exit has code 0.${why}`, ...sources);
  }
  return afterMs > limit.ms
    ? fail(`${finding}; ${limit.text}.`, ...sources)
    : pass(`${finding}; ${limit.text}. No process was left running.`, ...sources);
}

function judgeNoExit(history: ShutdownHistory, limit: { ms: number; text: string }): Judgement {
  const { stream, idleConnection, signalMs, waitedUntilMs } = history;
  const waitedMs = waitedUntilMs - signalMs;
  const open = [
    ...(stream?.end.kind === 'open' ? ['an event stream'] : []),
    ...(idleConnection?.closedMs === null ? ['an idle connection'] : []),
  ];
  const clients = open.length === 0 ? '' : ` Its clients still held ${open.join(' and ')} open.`;
  const finding = `The server was still running ${seconds(waitedMs)} after SIGTERM; ${limit.text}.${clients}`;
  return waitedMs < limit.ms
    ? inconclusive(`${finding} Whether it exits in time is unknown. Allow more time with "patienceMs".`)
    : fail(finding, ...sourcesOf(history, moment(waitedUntilMs, 'still running')));
}

/** Whether the listening process ended by itself, but after the start command. */
function listenerEndedLater({ launch: { outcome, pid }, left }: ShutdownHistory): boolean {
  if (outcome.kind !== 'listening' || outcome.listener.pid === pid) return false;
  return left.processes.includes(outcome.listener.pid) && left.accepts;
}

const portOf = ({ launch: { outcome, port } }: ShutdownHistory): number | null =>
  outcome.kind === 'listening' ? outcome.port : port;
