import { createHmac, randomBytes } from 'node:crypto';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { parseObject } from '../../../text/json.ts';

type Parts = NonNullable<UpstreamRequest['parts']>;

const maxParts = 30;
const maxNameCharacters = 100;
const digestCharacters = 16;
/** Random, so that no secret can be guessed from a digest. */
const key = randomBytes(32);

/** Equal for requests of this process with equal method, URL and body. */
export function fingerprintOf(method: string, { href }: URL, body: Buffer): string {
  return digestOf(`${method} ${href}\n`, body);
}

/**
 * What a request asks for beside its path: the parameters of its query, and the members of a JSON object or the fields of a form in
 * its body. Parts beyond the limit count as one.
 *
 * @param mask hides secrets in names
 */
export function partsOf({ searchParams }: URL, body: Buffer, mask: (text: string) => string): Parts {
  const parts = [
    ...[...searchParams].map(([name, value]) => [`query ${name}`, value] as const),
    ...bodyParts(body).map(([name, value]) => [`body ${name}`.trim(), value] as const),
  ];
  const named = parts
    .slice(0, maxParts)
    .map(([name, value]) => ({ name: mask(name).slice(0, maxNameCharacters), digest: digestOf(value) }));
  const rest = parts.slice(maxParts);
  return rest.length === 0 ? named : [...named, { name: 'others', digest: digestOf(JSON.stringify(rest)) }];
}

function bodyParts(body: Buffer): [string, string][] {
  if (body.length === 0) return [];
  const text = body.toString('utf8');
  const members = parseObject(text);
  if (members !== undefined) {
    return Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)]);
  }
  return /^[\w.~%+*-]+=[^\s<>{}"]*$/.test(text) ? [...new URLSearchParams(text)] : [['', text]];
}

function digestOf(...pieces: (string | Buffer)[]): string {
  const digest = createHmac('sha256', key);
  for (const piece of pieces) digest.update(piece);
  return digest.digest('base64url').slice(0, digestCharacters);
}
