import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { BalancedClient } from '../../../evidence/lab/round-robin.ts';
import { count } from '../../../text/counts.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { comparableEnd, succeeded } from '../../reading/lab/calls.ts';

/** Why a client did not connect or received no list. Undefined: it did. */
export function connectionProblem({ failure, lists }: BalancedClient): string | undefined {
  if (failure !== null) return `no connection: ${failure}`;
  const list = lists.find(({ tools }) => tools === null);
  return list && `tools/list: ${list.problem ?? 'no response'}`;
}

/**
 * Why two instances did not serve a client that one serves. A tool may fail on every instance for its own reasons: then its errors
 * are responses like any other, and calls without a response show nothing.
 */
export function servingProblem(client: BalancedClient, alone: BalancedClient): string | undefined {
  const problem = connectionProblem(client);
  if (problem !== undefined || !callsRespond(alone)) return problem;
  const lost = client.calls.find(alone.calls.every(succeeded) ? (call) => !succeeded(call) : isLost);
  return lost && outcomeText(lost.outcome);
}

/** An error of a call that no call of one instance ended with. */
export function otherError(client: BalancedClient, alone: BalancedClient): string | undefined {
  if (!callsRespond(alone)) return undefined;
  const known = new Set(alone.calls.map(comparableEnd));
  const other = client.calls.find((call) => !succeeded(call) && !known.has(comparableEnd(call)));
  return other && outcomeText(other.outcome);
}

/** What all clients received. */
export function servedText(clients: readonly BalancedClient[], alone: BalancedClient): string {
  const calls = clients.flatMap((client) => client.calls);
  const lists = clients.flatMap((client) => client.lists);
  const failed = [...alone.calls, ...calls].find((call) => !succeeded(call));
  if (calls.length === 0) return `All ${lists.length} lists succeeded.`;
  if (failed === undefined) return `All ${calls.length + lists.length} calls and lists succeeded.`;
  const error = outcomeText(failed.outcome);
  const errors = calls.filter((call) => !succeeded(call)).length;
  return callsRespond(alone)
    ? `All ${lists.length} lists succeeded. ${count(errors, 'call')} ended with an error, as with one instance (${error}).`
    : `All ${lists.length} lists succeeded. The tool did not respond with one instance either (${error}).`;
}

/** Whether each call of a client ended with a JSON-RPC response. */
const callsRespond = ({ calls }: BalancedClient): boolean => !calls.some(isLost);

const isLost = ({ outcome }: CallRecord): boolean =>
  outcome.kind !== 'result' && outcome.kind !== 'protocol-error';
