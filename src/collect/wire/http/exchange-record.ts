import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { Masker } from '../../../text/masking.ts';
import { singleLine, withoutControls } from '../../../text/printable.ts';
import { recorded, type SentCredential } from './identity.ts';

const keptBodyCharacters = 16 * 1024;
const keptRequestCharacters = 4 * 1024;
const keptHeaders = 100;
const keptHeaderCharacters = 1024;

export interface Sent {
  purpose: string;
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | { description: string };
  credential: SentCredential;
}

/** The exchange when its request is sent, with the outcome for an audit that ends before the answer. */
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
      credential: recorded(sent.credential),
    },
    outcome: {
      kind: 'failure',
      reason: 'budget',
      message: 'The server did not answer before the audit ended.',
    },
    durationMs: 0,
    echoesCredential: false,
    exposes: [],
  };
}

/** Records the body of an answer. */
interface AnswerRecord {
  /** Notes the next piece of the body. */
  add: (chunk: Uint8Array) => void;
  /** Completes the record with how the body ended. */
  end: (bodyEnd: Answer['bodyEnd']) => void;
}

/** Records the answer's status and headers as the outcome of the exchange. The body follows. */
export function recordAnswer(
  masker: Masker,
  exchange: Exchange,
  sent: Sent,
  status: number,
  received: Record<string, string>,
): AnswerRecord {
  const answer = withoutBody(masker, status, received);
  exchange.outcome = answer;
  const decoder = new TextDecoder();
  let beginning = '';
  // A secret may come in two pieces.
  let tail = '';
  let echoes = masker.echoes(Object.values(received).join('\n'));
  const read = (piece: string) => {
    if (beginning.length < keptBodyCharacters + masker.reach) beginning += piece;
    const recent = tail + piece;
    echoes ||= masker.echoes(recent);
    tail = recent.slice(Math.max(0, recent.length - masker.longest));
  };
  return {
    add: (chunk) => {
      answer.bodyBytes += chunk.byteLength;
      read(decoder.decode(chunk, { stream: true }));
    },
    end: (bodyEnd) => {
      read(decoder.decode());
      answer.bodyEnd = bodyEnd;
      answer.body = detached(withoutControls(masker.beginning(beginning, keptBodyCharacters)));
      exchange.echoesCredential = echoes;
      exchange.exposes = masker.exposed(beginning.slice(0, keptBodyCharacters + masker.reach), textOf(sent));
    },
  };
}

/** The URL, header values and body of a request. */
function textOf({ url, headers, body }: Sent): string {
  return [url.href, ...Object.values(headers), typeof body === 'string' ? body : ''].join('\n');
}

/** A copy, because a piece of a string keeps the whole string in memory. */
function detached(piece: string): string {
  return Buffer.from(piece, 'utf8').toString('utf8');
}

function withoutBody(masker: Masker, status: number, received: Record<string, string>): Answer {
  return {
    kind: 'answer',
    status,
    headers: Object.fromEntries(
      Object.entries(received)
        .sort(([left], [right]) => rank(left) - rank(right))
        .slice(0, keptHeaders)
        .map(([name, value]) => [
          masker.line(name, 128),
          masker.receivedHeader(name, value, keptHeaderCharacters),
        ]),
    ),
    body: '',
    bodyBytes: 0,
    bodyEnd: 'open',
  };
}

/** Headers that verdicts read come first, so the limit drops others. */
function rank(name: string): number {
  return /^(content-|www-authenticate|retry-after|location|mcp-|access-control-|set-cookie)/.test(name)
    ? 0
    : 1;
}
