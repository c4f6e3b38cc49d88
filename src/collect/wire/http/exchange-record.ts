import type { Answer, Credential, Exchange } from '../../../evidence/exchange.ts';
import { type Masker, singleLine } from './masking.ts';

export const keptBodyCharacters = 16 * 1024;
const keptRequestCharacters = 4 * 1024;
const keptHeaders = 100;
const keptHeaderCharacters = 1024;

export interface Sent {
  purpose: string;
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | { description: string };
  credential: Credential;
}

/** The exchange as it stands when its request goes out, with the outcome that it has if nothing else comes of it. */
export function recordSent(masker: Masker, id: string, sent: Sent): Exchange {
  const body = typeof sent.body === 'object' ? sent.body.description : sent.body;
  return {
    id,
    purpose: sent.purpose,
    request: {
      method: sent.method,
      url: masker.url(sent.url),
      headers: Object.fromEntries(
        Object.entries(sent.headers).map(([name, value]) => [
          name,
          singleLine(masker.sentHeader(name, value), keptHeaderCharacters),
        ]),
      ),
      ...(body === undefined ? {} : { body: masker.beginning(body, keptRequestCharacters) }),
      credential: sent.credential,
    },
    outcome: { kind: 'failure', reason: 'budget', message: 'No answer came before the audit ended.' },
    durationMs: 0,
    echoesCredential: false,
  };
}

/** The answer as it stands when its headers are there: without a body yet. */
export function recordAnswer(masker: Masker, status: number, received: Record<string, string>): Answer {
  return {
    kind: 'answer',
    status,
    headers: Object.fromEntries(
      Object.entries(received)
        .sort(([left], [right]) => rank(left) - rank(right))
        .slice(0, keptHeaders)
        .map(([name, value]) => [
          singleLine(masker.text(name), 128),
          singleLine(masker.receivedHeader(name, value), keptHeaderCharacters),
        ]),
    ),
    body: '',
    bodyBytes: 0,
    bodyEnd: 'open',
  };
}

/** Headers that verdicts look at are kept when there are too many. */
function rank(name: string): number {
  return /^(content-|www-authenticate|retry-after|location|mcp-|access-control-|set-cookie)/.test(name)
    ? 0
    : 1;
}
