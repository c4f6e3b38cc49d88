import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { PortTakenHistory } from '../../../evidence/lab/port-taken.ts';
import { howItEnded, mayNeedLonger } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether a server that cannot listen ends with a non-zero code. */
export function judgeFatalExit(
  { launch: { outcome, exit, port }, requests, waitedMs }: PortTakenHistory,
  lab: LabEvidence,
): Judgement {
  const moment = momentsOf('port-taken');
  const start = moment(0, `started while another program held port ${port}`);
  const begin = `With port ${port} taken, the server`;
  if (exit !== null) {
    const how = howItEnded(exit);
    const finding = `${begin} ended ${how} after ${exit.atMs} ms`;
    const ended = moment(exit.atMs, `ended ${how}`);
    return exit.code === 0
      ? fail(`${finding}; a failure needs a non-zero code.`, start, ended)
      : pass(`${finding}.`, start, ended);
  }
  if (outcome.kind === 'listening' && outcome.port === port) {
    return inconclusive(
      `The server listened on port ${port} while another program held it: ${outcome.listener.listens.join(', ')}. Whether a fatal error ends it is unknown.`,
    );
  }
  const served = requests.some(({ outcome: answer }) => answer.kind === 'answer' && answer.status !== 404);
  if (outcome.kind === 'listening' && served && !portsOf(lab).includes(outcome.port)) {
    return fail(
      `${begin} listened on port ${outcome.port} instead. Clients do not look for it there.`,
      start,
      moment(outcome.afterMs, `listened on port ${outcome.port}`),
    );
  }
  const afterMs = outcome.kind === 'silent' ? outcome.afterMs : waitedMs;
  const finding = `${begin} neither listened nor ended within ${afterMs} ms`;
  return mayNeedLonger(lab, afterMs)
    ? inconclusive(`${finding}, but it starts slowly. Allow more time with "patienceMs".`)
    : fail(`${finding}. No restart policy can act.`, start, moment(afterMs, 'still running'));
}

/** The ports of a normal start: one for metrics is not a fallback. */
function portsOf({ baseline }: LabEvidence): number[] {
  const { outcome } = baseline.launch;
  return outcome.kind === 'listening'
    ? outcome.listener.listens.map((address) => Number(address.slice(address.lastIndexOf(':') + 1)))
    : [];
}
