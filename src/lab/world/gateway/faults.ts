import { setTimeout as delay } from 'node:timers/promises';
import type { FaultName } from '../../../evidence/lab/gateway.ts';
import type { CannedAnswers } from './canned.ts';
import { type Fault, sendJson } from './held-request.ts';
import { passThrough } from './pass-through.ts';

/** Each answers a request in its own way. `refuse` is not among them: the gateway closes its listener. */
export function createFaults(answers: CannedAnswers): Record<Exclude<FaultName, 'refuse'>, Fault> {
  const canned = fromList(answers);
  /** The canned answer if the host is listed, otherwise the real upstream. */
  const pass: Fault = (held) => (answers.has(held.host) ? canned(held) : passThrough(held));
  return {
    pass,
    slow: slow(pass),
    stall,
    drip,
    reset,
    'server-error': serverError,
    'too-many-requests': tooManyRequests,
  };
}

/** The answer from the configuration. A path that is not listed gets 404 and is never sent upstream. */
function fromList(answers: CannedAnswers): Fault {
  return (held) => {
    const { host, request, response, url } = held;
    const answer = answers.find(host, request.method ?? 'GET', url.pathname);
    if (answer === undefined) {
      held.answeredBy('nobody');
      return sendJson(held, 404, { message: 'The lab has no canned answer for this path.' });
    }
    held.answeredBy('canned');
    response.writeHead(200, { 'content-type': answer.contentType, 'content-length': answer.body.length });
    response.end(answer.body);
  };
}

/** Milliseconds: long enough to act meanwhile, and shorter than any reasonable upstream timeout. */
export const slowMs = 1_500;

/** The usual answer, delayed. */
function slow(answer: Fault): Fault {
  return async (held) => {
    const left = new AbortController();
    held.response.once('close', () => left.abort());
    await delay(slowMs, undefined, { signal: left.signal }).catch(() => {});
    if (!left.signal.aborted) await answer(held);
  };
}

/** The request is accepted and never answered, not even with headers. */
const stall: Fault = () => {};

/** Milliseconds between two bytes: often enough for every limit on the silence between them. */
export const dripMs = 900;

/** Headers at once, then one byte after another without end: white space within JSON (RFC 8259 section 2). */
const drip: Fault = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), dripMs);
  response.once('close', () => clearInterval(timer));
};

/** RST instead of an answer, as from a crashed host or a full load balancer (RFC 9293 section 3.5.2). */
const reset: Fault = ({ reset: resetConnection, cut }) => {
  cut();
  resetConnection();
};

/** 500, at once. */
const serverError: Fault = (held) => sendJson(held, 500, { message: 'Internal server error' });

/** 429 with `Retry-After: 1` (RFC 6585 section 4). */
const tooManyRequests: Fault = (held) =>
  sendJson(held, 429, { message: 'Too many requests' }, { 'retry-after': '1' });
