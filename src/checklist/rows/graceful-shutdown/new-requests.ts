import type { Evidence } from '../../../evidence/evidence.ts';
import type { HttpRecord } from '../../../evidence/lab/client.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { count } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { isServed, outcomeText } from '../../reading/lab/answers.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { moment, notSignalled, outlivedCommand, sourcesOf, stopLimit } from './shutdown.ts';

/** Milliseconds before the exit: a refusal in them may come from the exit itself. */
const exitingMs = 1_000;
/** A shorter drain cannot show that the server waits for the call. */
const leastDrainMs = 1_000;
/** A request that ended this shortly before the call, beside the time between two, was the last possible one. */
const beforeEndMs = 100;
/** For this long the server may not notice that the call ended. */
const afterEndMs = 200;
const unnoticedMs = 500;

const unknown = 'Whether the server refuses new requests is unknown.';

/** Judges whether the server refuses new requests after SIGTERM. */
export function judgeRefusesNew(
  history: ShutdownHistory,
  _lab: LabEvidence,
  { project }: Evidence,
): Judgement {
  const { requests, signalMs } = history;
  const before = requests.filter(({ sentMs }) => sentMs < signalMs).at(-1);
  const after = requests.filter(({ sentMs }) => sentMs >= signalMs);
  if (before === undefined || !isServed(before)) {
    const why = before === undefined ? 'no endpoint is known' : outcomeText(before.outcome);
    return inconclusive(`The server served no new client before SIGTERM: ${why}. ${unknown}`);
  }
  if (outlivedCommand(history)) return inconclusive(notSignalled);
  if (after.some(({ outcome }) => outcome.kind === 'answer' && outcome.status === 429)) {
    return inconclusive(`A rate limit refused requests after SIGTERM. ${unknown} Raise the limit in "env".`);
  }
  const served = after.filter(isServed);
  const refused = after.find((request) => !isServed(request) && !isTimeout(request));
  const last = served.at(-1);
  if (refused && (last === undefined || isWhileDraining(history, refused, last))) {
    return judgeRefused(history, refused, served);
  }
  if (last === undefined) {
    return inconclusive(`No new request after SIGTERM received a response. ${unknown}`);
  }
  return judgeServed(history, served, { last, refused }, project);
}

function judgeRefused(history: ShutdownHistory, refused: HttpRecord, served: HttpRecord[]): Judgement {
  const afterMs = refused.sentMs - history.signalMs;
  const how = outcomeText(refused.outcome);
  const sources = sourcesOf(history, moment(refused.sentMs, `a new request: ${how}`));
  if (refused.outcome.kind === 'failure' && !isBeforeExit(history, refused)) {
    return pass(
      `The server stopped within ${afterMs} ms of SIGTERM and served no new request: ${how}.`,
      ...sources,
    );
  }
  const earlier =
    served.length === 0
      ? ''
      : ` Until then it served ${count(served.length, 'new request')}, which gives load balancers time.`;
  return pass(`The server refused a new request ${afterMs} ms after SIGTERM: ${how}.${earlier}`, ...sources);
}

/**
 * No request was refused while the server drained. A server may serve for a while to give load balancers time.
 * It fails only if it served until the call ended, or never stopped.
 */
function judgeServed(
  history: ShutdownHistory,
  served: HttpRecord[],
  { last, refused }: { last: HttpRecord; refused: HttpRecord | undefined },
  project: ProjectEvidence | undefined,
): Judgement {
  const { signalMs, launch } = history;
  const lastMs = last.sentMs - signalMs;
  const sources = sourcesOf(history, moment(last.sentMs, `a new request: ${outcomeText(last.outcome)}`));
  if (launch.exit === null) {
    const limit = stopLimit(project);
    const finding = `The server still served a new request ${seconds(lastMs)} after SIGTERM; ${limit.text}.`;
    return lastMs >= limit.ms
      ? fail(finding, ...sources)
      : inconclusive(`${finding} ${unknown} Allow more time with "patienceMs".`);
  }
  const callEndMs = callEndOf(history);
  const endedWithCall =
    callEndMs !== undefined &&
    callEndMs - signalMs >= leastDrainMs &&
    // A server may refuse everything and still take time to exit.
    Math.min(launch.exit.atMs, refused?.sentMs ?? Infinity) - callEndMs <= leastDrainMs &&
    last.sentMs <= callEndMs + afterEndMs &&
    last.endedMs >= callEndMs - history.requestsEveryMs - beforeEndMs &&
    served.length >= 3;
  const finding = `The server served ${count(served.length, 'new request')} after SIGTERM, the last after ${lastMs} ms.`;
  return endedWithCall
    ? fail(`${finding} It stopped serving only when the call in flight ended.`, ...sources)
    : inconclusive(`${finding} Whether it gave load balancers time or never refuses requests is unknown.`);
}

/** Whether the server refused because it drains, not because it exits or the call has ended. */
function isWhileDraining(history: ShutdownHistory, refused: HttpRecord, lastServed: HttpRecord): boolean {
  const callEndMs = callEndOf(history);
  const sinceCallEnd =
    callEndMs !== undefined && refused.endedMs >= callEndMs && lastServed.sentMs <= callEndMs + unnoticedMs;
  return !sinceCallEnd && isBeforeExit(history, refused);
}

/** Whether the call had not ended yet, or the exit was still far. */
function isBeforeExit(history: ShutdownHistory, { endedMs }: HttpRecord): boolean {
  const exitMs = history.launch.exit?.atMs ?? Number.POSITIVE_INFINITY;
  return endedMs < Math.max(callEndOf(history) ?? 0, exitMs - exitingMs);
}

/** When the call in flight ended; undefined when there was none. */
const callEndOf = ({ notHeld, calls }: ShutdownHistory): number | undefined =>
  notHeld === null ? calls[0]?.endedMs : undefined;

const isTimeout = ({ outcome }: HttpRecord): boolean =>
  outcome.kind === 'failure' && outcome.reason === 'timeout';
