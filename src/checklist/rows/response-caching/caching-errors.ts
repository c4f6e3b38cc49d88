import type { CachingHistory } from '../../../evidence/lab/caching.ts';
import { counted, endOf, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('caching');

/** As many failures show that it is no accident. */
const fewest = 2;

/**
 * Whether a call that failed is answered with its failure when the upstream is back. A circuit breaker fails other calls as
 * well, and is none of this.
 */
export function judgeKeptErrors({ instances: [, { calls, gateway }] }: CachingHistory): Judgement {
  const failing = calls.find(({ role }) => role === 'failing');
  const retried = calls.filter(({ role }) => role === 'retried');
  const fresh = calls.filter(({ role }) => role === 'fresh');
  const last = retried.at(-1);
  if (failing === undefined || last === undefined) return inconclusive('No call was made.');
  const asked = (call: typeof last) => requestsDuring(gateway, call).length;
  if (succeeded(failing) || asked(failing) === 0) {
    return inconclusive(
      `While the upstream answered 500, the call ended ${endOf(failing)}, with ${counted(asked(failing), 'upstream request')}: there was no error that could be kept.`,
    );
  }
  const backMs = gateway.faults.findLast(({ fault }) => fault === 'pass')?.atMs ?? 0;
  const after = `${last.endedMs - backMs} ms after the upstream was back`;
  const moments = [
    moment(failing.endedMs, `the call failed: ${endOf(failing)}`),
    moment(backMs, 'the upstream was back'),
    moment(last.endedMs, `the same call ended ${endOf(last)}`),
  ];
  if (succeeded(last)) {
    const tries = retried.length > 1 ? `, at the ${ordinal(retried.length)} try` : '';
    return pass(`A call that had failed had a result ${after}${tries}.`, ...moments);
  }
  const finding = `A call that had failed (500) still ended ${endOf(last)} ${after}`;
  if (retried.some((call) => asked(call) > 0)) {
    return inconclusive(`${finding}, although it asked the upstream again.`);
  }
  if (fresh.length === 0) {
    return inconclusive(
      `${finding}, and asked nothing of the upstream. Whether other calls failed as well was not seen: name a tool in "tool" whose arguments can be varied.`,
    );
  }
  const other = fresh.findLast(({ sentMs }) => sentMs < last.sentMs);
  const since = fresh.find(succeeded)?.endedMs ?? Infinity;
  const kept = retried.filter(({ sentMs }) => sentMs >= since);
  if (last.outcome.kind === 'http-error' || other === undefined || !succeeded(other)) {
    return inconclusive(
      `${finding}, but calls with other arguments failed as well: a circuit breaker may wait for longer.`,
    );
  }
  return kept.length >= fewest
    ? fail(
        `${finding} and asked nothing of the upstream, while calls with other arguments had results: the error was kept.`,
        ...moments,
      )
    : inconclusive(`${finding}, while a call with other arguments had a result: there was no time for more.`);
}

function ordinal(count: number): string {
  const words = ['first', 'second', 'third'];
  return words[count - 1] ?? `${count}th`;
}
