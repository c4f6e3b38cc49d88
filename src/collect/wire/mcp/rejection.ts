import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { ClientRejected } from '../../../evidence/wire.ts';
import { createEventReader } from '../../../protocol/events.ts';
import { readResponse } from '../../../protocol/reply.ts';
import { singleLine } from '../../../text/printable.ts';
import { maxBodyBytes } from '../http/bounded-body.ts';
import { isEventStream } from '../http/recorder.ts';
import type { Run } from '../run.ts';

/**
 * Why an official client did not connect, by its exchanges: the clients throw different errors for the same answer.
 *
 * @param ids of the attempt's exchanges
 * @param thrown the client's own message, for when the exchanges do not explain it
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
  const response = responseKind(run, outcome);
  if (response === 'result') return because('mcp-error', thrown);
  if (response !== 'none') return because('mcp-error', response);
  if (status >= 400) return because('http', described(outcome));
  if (outcome.bodyEnd === 'cut' && outcome.bodyBytes < maxBodyBytes) {
    return because('timeout', `The response did not end within ${run.options.timeoutMs} ms.`);
  }
  const type = outcome.headers['content-type'];
  return because('not-mcp', `The response is not an MCP message (${type ?? 'no content type'}).`);
}

/** The decisive exchange: the last POST that did not end the session or cancel, else the last request. */
function decisive(sent: Exchange[]): Exchange | undefined {
  const trying = sent.filter(
    ({ request, purpose }) => request.method !== 'DELETE' && !purpose.endsWith('notifications/cancelled'),
  );
  // A redirect out of the origin is the server's answer. The audit did not follow it.
  const tried = trying.filter(({ outcome }) => outcome.kind === 'answer' || outcome.reason !== 'blocked');
  return tried.findLast(({ request }) => request.method === 'POST') ?? tried.at(-1) ?? trying.at(-1);
}

/** The message of the MCP error in an answer; `result` for a result; `none` for any other answer. */
function responseKind(run: Run, answer: Answer): string {
  const texts = isEventStream(answer.headers)
    ? createEventReader()(answer.body).map(({ data }) => data)
    : [answer.body];
  for (const text of texts) {
    const reply = readResponse(text, undefined)?.reply;
    if (reply?.kind === 'error') return `MCP error ${reply.code}: ${run.masker.line(reply.message)}`;
    if (/"jsonrpc"\s*:\s*"2\.0"/.test(text) && /"result"\s*:\s*\{/.test(text)) return 'result';
  }
  return 'none';
}

function described({ status, headers, body }: Answer): string {
  const location = headers.location === undefined ? '' : `, a redirect to ${headers.location}`;
  const text = /^\s*</.test(body) ? '' : singleLine(body, 160);
  return singleLine(`HTTP ${status}${location}${text === '' ? '' : `: ${text}`}`);
}
