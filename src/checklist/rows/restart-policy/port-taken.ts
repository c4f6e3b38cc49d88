import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { PortTakenHistory } from '../../../evidence/lab/port-taken.ts';
import { howItEnded, mayNeedLonger } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether a server that cannot listen ends, and says by its code that it failed. */
export function judgeFatalExit(
  { launch: { outcome, exit, port }, requests, waitedMs }: PortTakenHistory,
  lab: LabEvidence,
): Judgement {
  const moment = momentsOf('port-taken');
  const begun = moment(0, `started with port ${port}, which another program held`);
  if (exit !== null) {
    const how = howItEnded(exit);
    const finding = `With port ${port} taken it ended ${how} after ${exit.atMs} ms.`;
    const ended = moment(exit.atMs, `ended ${how}`);
    return exit.code === 0 ? fail(finding, begun, ended) : pass(finding, begun, ended);
  }
  if (outcome.kind === 'listening' && outcome.port === port) {
    return inconclusive(
      `It listened on port ${port} although another program held it: ${outcome.listener.listens.join(', ')}.`,
    );
  }
  const served = requests.some(
    (request) => request.outcome.kind === 'answer' && request.outcome.status !== 404,
  );
  if (outcome.kind === 'listening' && served && !portsOf(lab).includes(outcome.port)) {
    return fail(
      `With port ${port} taken it listened on ${outcome.port} instead, where nobody looks for it.`,
      begun,
      moment(outcome.afterMs, `listened on port ${outcome.port}`),
    );
  }
  const afterMs = outcome.kind === 'silent' ? outcome.afterMs : waitedMs;
  if (mayNeedLonger(lab, afterMs)) {
    return inconclusive(
      `With port ${port} taken it neither listened nor ended within ${afterMs} ms, but it starts slowly. Give "patienceMs" more.`,
    );
  }
  return fail(
    `With port ${port} taken it neither listened nor ended within ${afterMs} ms: no policy restarts it.`,
    begun,
    moment(afterMs, 'still running'),
  );
}

/** Every port that it has when nothing is wrong: one for metrics is no other place for the server. */
function portsOf({ baseline }: LabEvidence): number[] {
  const { outcome } = baseline.launch;
  return outcome.kind === 'listening'
    ? outcome.listener.listens.map((address) => Number(address.slice(address.lastIndexOf(':') + 1)))
    : [];
}
