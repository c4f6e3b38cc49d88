import type { Evidence } from '../../../evidence/evidence.ts';
import type { HttpRecord } from '../../../evidence/lab/client.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { isServed, outcomeText } from '../../reading/lab/answers.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, type Moment, pass } from '../../row.ts';
import { longestStopMs } from './time-to-stop.ts';

const moment = momentsOf('shutdown');

/** Milliseconds before the end of the process in which a refusal may be nothing but the end itself. */
const endingMs = 1_000;
/** Milliseconds that a drain has to take, for what ends within them after the call to have waited for it. */
const leastDrainMs = 1_000;
/**
 * Milliseconds around the end of the call. A request that was answered so shortly before, beside the time between two requests, was
 * the last there could be. What begins so soon afterwards may have been taken by a server that had not noticed the end yet.
 */
const beforeEndMs = 100;
const afterEndMs = 200;
const unnoticedMs = 500;
const notAsked = 'SIGTERM ended the start command only; the server itself was not asked to stop.';

export function judgeCallFinishes(history: ShutdownHistory): Judgement {
  const { calls, notHeld, signalMs, gateway } = history;
  const [call] = calls;
  if (notHeld !== null) return inconclusive(`No call was in flight when SIGTERM came. ${notHeld}`);
  if (call === undefined || call.endedMs <= signalMs) {
    return inconclusive('The call ended before SIGTERM was sent.');
  }
  const { outcome } = call;
  const sources = [
    signalOf(history),
    moment(call.endedMs, `the call ended: ${outcomeText(outcome)}`),
    ...endOf(history),
  ];
  const told = `SIGTERM came ${signalMs - call.sentMs} ms into a call, which ended ${call.endedMs - signalMs} ms later`;
  if (outcome.kind === 'result' && !outcome.isError) {
    return outlivedCommand(history) ? inconclusive(notAsked) : pass(`${told} with its result.`, ...sources);
  }
  const givenUp = gateway.requests.some(
    ({ fault, outcome: { kind } }) => fault === 'slow' && kind === 'given-up',
  );
  if (outcome.kind === 'result' || outcome.kind === 'protocol-error') {
    return givenUp
      ? inconclusive(
          `${told} with an error, after the server had given up an upstream that answers ${seconds(gateway.slowMs)} late. Its own time limit may be the reason: raise it in "env".`,
        )
      : fail(`${told} with an error: ${outcomeText(outcome)}`, ...sources);
  }
  if (outcome.kind === 'no-answer' && outcome.timedOut && history.launch.exit === null) {
    return fail(
      `SIGTERM came into a call, and it got no answer within ${call.endedMs - signalMs} ms.`,
      ...sources,
    );
  }
  return fail(`${told} without an answer: ${outcomeText(outcome)}`, ...sources);
}

export function judgeExitsCleanly(
  history: ShutdownHistory,
  _lab: LabEvidence,
  { project }: Evidence,
): Judgement {
  const { launch, signalMs, waitedUntilMs } = history;
  const { exit } = launch;
  const { ms: boundMs, declared } = stopBound(project);
  if (exit === null) return judgeNoExit(history, waitedUntilMs - signalMs, boundMs);
  const afterMs = Math.max(0, exit.atMs - signalMs);
  const sources = [signalOf(history), ...endOf(history)];
  if (outlivedCommand(history)) {
    const { processes, accepts } = history.leftAfterwards;
    const still = accepts ? `, and port ${portOf(history)} still takes connections` : '';
    return fail(
      `SIGTERM ended the start command ${howItEnded(exit)} after ${afterMs} ms, but ${counted(processes.length)} of it lived on${still}. The signal has to reach the server itself: start it directly ("node server.js"), not by npm, npx or a shell; in a shell script, "exec" it.`,
      ...sources,
      moment(history.leftAfterwards.atMs, `still running: ${processes.join(', ')}`),
    );
  }
  const finding = `SIGTERM ended it ${howItEnded(exit)} after ${afterMs} ms`;
  if (exit.code === 0 && listenerEndedLater(history)) {
    return inconclusive(
      `${finding}, and the server, which is another process, a little later. A container ends them together, however far the server is: start the server itself.`,
    );
  }
  if (exit.code !== 0) {
    const why =
      exit.signal === 'SIGTERM' || exit.code === 143
        ? ': that is what the system does when nobody handles the signal, or what a wrapper tells of it'
        : '';
    return fail(`${finding}${why}.`, ...sources);
  }
  const limit = `${boundMs / 1000} s${declared ? ' that its deployment gives it' : ', which is what Docker waits'}`;
  if (afterMs > boundMs) return fail(`${finding}, more than the ${limit}.`, ...sources);
  return pass(`${finding}, and nothing was left running.`, ...sources);
}

function judgeNoExit(history: ShutdownHistory, waitedMs: number, boundMs: number): Judgement {
  const { stream, idleConnection } = history;
  const open = [
    ...(stream?.end.kind === 'open' ? ['an event stream'] : []),
    ...(idleConnection?.closedMs === null ? ['an idle connection'] : []),
  ];
  const clients = open.length === 0 ? '' : ` Its clients still had ${open.join(' and ')} open.`;
  const finding = `It was still running ${seconds(waitedMs)} after SIGTERM.${clients}`;
  return waitedMs < boundMs
    ? inconclusive(
        `${finding} It may take ${boundMs / 1000} s. Wait longer with "patienceMs" in the configuration.`,
      )
    : fail(finding, signalOf(history), moment(history.waitedUntilMs, 'still running'));
}

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
    return inconclusive(`A new client was not served before SIGTERM either (${why}).`);
  }
  if (outlivedCommand(history)) {
    return inconclusive(notAsked);
  }
  const limited = after.find(({ outcome }) => outcome.kind === 'answer' && outcome.status === 429);
  if (limited)
    return inconclusive(
      'A rate limit was met while it drained, and whether it takes new requests was not seen.',
    );
  const served = after.filter(isServed);
  const refused = after.find((request) => !isServed(request) && !isUnanswered(request));
  const last = served.at(-1);
  if (refused && (last === undefined || isWhileDraining(history, refused, last))) {
    return judgeRefused(history, refused, served);
  }
  if (last === undefined) {
    return inconclusive(
      `New requests after SIGTERM were neither served nor refused: ${after.length} got no answer.`,
    );
  }
  return judgeServed(history, served, { last, refused }, project);
}

function judgeRefused(history: ShutdownHistory, refused: HttpRecord, served: HttpRecord[]): Judgement {
  const { signalMs } = history;
  const afterMs = refused.sentMs - signalMs;
  const how = outcomeText(refused.outcome);
  const sources = [signalOf(history), moment(refused.sentMs, `a new request: ${how}`), ...endOf(history)];
  if (refused.outcome.kind === 'failure' && !isBeforeEnd(history, refused)) {
    return pass(
      `Nothing new was served after SIGTERM: ${afterMs} ms later it was over (${how}).`,
      ...sources,
    );
  }
  const before =
    served.length === 0
      ? ''
      : ` Until then it served ${served.length}, as a server does that gives balancers time.`;
  return pass(`A new request ${afterMs} ms after SIGTERM was refused: ${how}.${before}`, ...sources);
}

/**
 * Nothing was refused that could have been served. A server may go on serving for a while, so that balancers notice first; it
 * is certain only that it does not refuse while it drains where it served until the call ended, or did not end at all.
 */
function judgeServed(
  history: ShutdownHistory,
  served: HttpRecord[],
  { last, refused }: { last: HttpRecord; refused: HttpRecord | undefined },
  project: ProjectEvidence | undefined,
): Judgement {
  const { signalMs, launch } = history;
  const lastMs = last.sentMs - signalMs;
  const sources = [
    signalOf(history),
    moment(last.sentMs, `a new request: ${outcomeText(last.outcome)}`),
    ...endOf(history),
  ];
  if (launch.exit === null) {
    return lastMs >= stopBound(project).ms
      ? fail(`A new request was still served ${seconds(lastMs)} after SIGTERM.`, ...sources)
      : inconclusive(
          `New requests were served until ${seconds(lastMs)} after SIGTERM, when nobody waited any longer.`,
        );
  }
  const callEndMs = callEndOf(history);
  const endedWithCall =
    callEndMs !== undefined &&
    callEndMs - signalMs >= leastDrainMs &&
    // Some take their time to exit when they take nothing new any more.
    Math.min(launch.exit.atMs, refused?.sentMs ?? Infinity) - callEndMs <= leastDrainMs &&
    last.sentMs <= callEndMs + afterEndMs &&
    last.endedMs >= callEndMs - history.requestsEveryMs - beforeEndMs &&
    served.length >= 3;
  return endedWithCall
    ? fail(
        `${served.length} new requests were served after SIGTERM, the last ${lastMs} ms after it: until the call in flight had ended.`,
        ...sources,
      )
    : inconclusive(
        `${served.length} new requests were served until ${lastMs} ms after SIGTERM, and then it was over. Whether it gave balancers time or takes new requests for as long as it drains was not seen.`,
      );
}

export function judgeStreamsEnd(history: ShutdownHistory): Judgement {
  const { stream, signalMs, waitedUntilMs } = history;
  if (stream === null) return inconclusive('The server opened no event stream for the lab’s client.');
  const { request, end } = stream;
  if (end.kind === 'open') {
    if (outlivedCommand(history)) {
      return inconclusive(notAsked);
    }
    return fail(
      `The stream (${request}) was still open ${seconds(waitedUntilMs - signalMs)} after SIGTERM.`,
      signalOf(history),
      moment(waitedUntilMs, 'the stream is still open'),
    );
  }
  if (end.atMs < signalMs) return inconclusive(`The stream (${request}) ended by itself before SIGTERM.`);
  const afterMs = end.atMs - signalMs;
  return end.kind === 'ended'
    ? pass(
        `The stream (${request}) was ended ${afterMs} ms after SIGTERM.`,
        signalOf(history),
        moment(end.atMs, 'the stream ended'),
      )
    : fail(
        `The stream (${request}) broke off ${afterMs} ms after SIGTERM: ${end.message}.`,
        signalOf(history),
        moment(end.atMs, `the stream broke off: ${end.message}`),
      );
}

/** The command is over, and after a while something of it still runs. */
const outlivedCommand = ({ launch, leftAfterwards }: ShutdownHistory): boolean =>
  launch.exit !== null && leftAfterwards.processes.length > 0;

/** The process that listens ended by itself, but after the command. */
function listenerEndedLater({ launch: { outcome, pid }, left }: ShutdownHistory): boolean {
  if (outcome.kind !== 'listening' || outcome.listener.pid === pid) return false;
  return left.processes.includes(outcome.listener.pid) && left.accepts;
}

/** When the call that was in flight ended. */
const callEndOf = ({ notHeld, calls }: ShutdownHistory): number | undefined =>
  notHeld === null ? calls[0]?.endedMs : undefined;

/** Whether it was refused because the server drains, and not because it is over, or drained no longer. */
function isWhileDraining(history: ShutdownHistory, refused: HttpRecord, lastServed: HttpRecord): boolean {
  const callEndMs = callEndOf(history);
  // It may have served for as long as there was a call, and refuses now that there is none.
  const withCall =
    callEndMs !== undefined && refused.endedMs >= callEndMs && lastServed.sentMs <= callEndMs + unnoticedMs;
  return !withCall && isBeforeEnd(history, refused);
}

/** Whether the call had not ended yet, or the process was not about to. */
function isBeforeEnd(history: ShutdownHistory, { endedMs }: HttpRecord): boolean {
  const overMs = history.launch.exit?.atMs ?? Number.POSITIVE_INFINITY;
  return endedMs < Math.max(callEndOf(history) ?? 0, overMs - endingMs);
}

/** Docker's, or what the deployment declares or its platform waits, where that is longer. */
function stopBound(project: ProjectEvidence | undefined): { ms: number; declared: boolean } {
  const usualMs = 10_000;
  const declaredMs = project === undefined ? 0 : longestStopMs(project);
  return declaredMs > usualMs ? { ms: declaredMs, declared: true } : { ms: usualMs, declared: false };
}

const isUnanswered = ({ outcome }: HttpRecord): boolean =>
  outcome.kind === 'failure' && outcome.reason === 'timeout';

const signalOf = ({ signalMs }: ShutdownHistory): Moment => moment(signalMs, 'SIGTERM to the start command');

const endOf = ({ launch: { exit } }: ShutdownHistory): Moment[] =>
  exit === null ? [] : [moment(exit.atMs, `it ended ${howItEnded(exit)}`)];

const portOf = ({ launch: { outcome, port } }: ShutdownHistory): number | null =>
  outcome.kind === 'listening' ? outcome.port : port;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const counted = (processes: number): string => (processes === 1 ? 'a process' : `${processes} processes`);
