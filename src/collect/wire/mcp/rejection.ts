import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { ClientRejected } from '../../../evidence/wire.ts';
import { createEventReader } from '../../../protocol/events.ts';
import { readResponse } from '../../../protocol/reply.ts';
import { singleLine } from '../../../text/printable.ts';
import { maxBodyBytes } from '../http/bounded-body.ts';
import { isEventStream } from '../http/recorder.ts';
import type { Run } from '../run.ts';

/**
 * Why an official client did not connect, read from what was on the wire: the same answer makes the clients throw
 * quite different errors.
 *
 * @param ids of the attempt's exchanges
 * @param thrown what the client said; used where the wire does not tell
 */
export function rejection(run: Run, ids: string[], thrown: string): ClientRejected {
  const last = decisive(run.recorder.exchanges.filter(({ id }) => ids.includes(id)));
  if (last === undefined) return { connected: false, reason: 'protocol', message: thrown };
  const { outcome } = last;
  if (outcome.kind === 'failure') {
    return { connected: false, reason: outcome.reason, message: outcome.message };
  }
  const { status } = outcome;
  const because = (reason: ClientRejected['reason'], message: string): ClientRejected => ({
    connected: false,
    reason,
    status,
    message,
  });
  const ended = (status >= 300 && status < 400) || [401, 403, 429].includes(status) || status >= 500;
  if (ended) return because('http', described(outcome));
  const response = responseIn(run, outcome);
  if (response === 'some') return because('mcp-error', thrown);
  if (response !== 'none') return because('mcp-error', response);
  if (status >= 400) return because('http', described(outcome));
  if (outcome.bodyEnd === 'cut' && outcome.bodyBytes < maxBodyBytes) {
    return because('timeout', `The answer did not end within ${run.options.timeoutMs} ms.`);
  }
  const type = outcome.headers['content-type'];
  return because('not-mcp', `The answer is no MCP message (${type ?? 'without a content type'}).`);
}

/** The exchange that decided: the last POST that the client did not send to take leave, else the last of any kind. */
function decisive(sent: Exchange[]): Exchange | undefined {
  const trying = sent.filter(
    ({ request, purpose }) => request.method !== 'DELETE' && !purpose.endsWith('notifications/cancelled'),
  );
  // A redirect out of the origin is what the server answered; that it was not followed is our doing.
  const tried = trying.filter(({ outcome }) => outcome.kind === 'answer' || outcome.reason !== 'blocked');
  return tried.findLast(({ request }) => request.method === 'POST') ?? tried.at(-1) ?? trying.at(-1);
}

/** The message of the MCP error in an answer; `some` for a response that is no error; `none` for anything else. */
function responseIn(run: Run, answer: Answer): string {
  const texts = isEventStream(answer.headers)
    ? createEventReader()(answer.body).map(({ data }) => data)
    : [answer.body];
  for (const text of texts) {
    const reply = readResponse(text, undefined)?.reply;
    if (reply?.kind === 'error') return `MCP error ${reply.code}: ${run.masker.line(reply.message)}`;
    if (/"jsonrpc"\s*:\s*"2\.0"/.test(text) && /"result"\s*:\s*\{/.test(text)) return 'some';
  }
  return 'none';
}

function described({ status, headers, body }: Answer): string {
  const location = headers.location === undefined ? '' : `, a redirect to ${headers.location}`;
  const text = /^\s*</.test(body) ? '' : singleLine(body, 160);
  return singleLine(`HTTP ${status}${location}${text === '' ? '' : `: ${text}`}`);
}
