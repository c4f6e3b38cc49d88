import { randomBytes, randomInt } from 'node:crypto';
import type { Credential } from '../../../evidence/exchange.ts';
import { credentialScheme, namesCredential } from '../../../text/secrets/names.ts';

export interface NamedValue {
  name: string;
  value: string;
}

/** The user's credentials, and the headers of every request. */
export interface Identity {
  /** Whether the user gave a credential. */
  given: boolean;
  /** Headers for a request that carries this credential, with lower-case names. */
  headers: (credential: Credential) => Record<string, string>;
  /** The URL for this credential: without the credentials in its query, or with wrong ones. */
  url: (url: URL, credential: Credential) => URL;
  /** The credential that a request carries: `none` when `given` or `other` does not exist. */
  carried: (credential: Credential) => Credential;
  /** Every value of the user that must not be recorded. */
  secrets: string[];
  /** The made-up values of `wrong`. */
  decoys: string[];
}

/** The HTTP library sets these headers; a user's value could only contradict it. */
const connectionHeaders =
  /^(connection|transfer-encoding|keep-alive|upgrade|content-length|expect|te|trailer)$/i;

/**
 * Separates credentials from plain headers. Credentials are the bearer token, and headers and query values with a credential's
 * name. Each has a random counterpart of the same shape for `wrong`.
 */
export function createIdentity(options: {
  url: URL;
  token?: string;
  otherToken?: string;
  headers: NamedValue[];
}): Identity {
  const { otherToken } = options;
  const other: Record<string, string> =
    otherToken === undefined ? {} : { authorization: `Bearer ${otherToken}` };
  // Without a prototype, no header name finds an inherited value.
  const plain: Record<string, string> = Object.create(null);
  const right: Record<string, string> = Object.create(null);
  if (options.token !== undefined) right.authorization = `Bearer ${options.token}`;
  for (const { name, value } of options.headers) {
    const lower = name.toLowerCase();
    if (connectionHeaders.test(lower)) continue;
    if (namesCredential(lower)) right[lower] = value;
    else plain[lower] = value;
  }
  const query = [...options.url.searchParams].filter(
    ([name, value]) => namesCredential(name) && value !== '',
  );

  const given = Object.keys(right).length > 0 || query.length > 0;
  const wrong: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(right)) wrong[name] = decoy(value);
  // The probe with a wrong credential does not need a given one.
  if (!given) wrong.authorization = `Bearer ${randomBytes(24).toString('hex')}`;
  const wrongQuery = new Map(query.map(([name, value]) => [name, decoy(value)]));

  return {
    given,
    headers: (credential) => {
      const proof = { none: {}, wrong, given: right, other };
      return { ...plain, ...proof[credential] };
    },
    url: (url, credential) => {
      if (credential === 'given' || query.length === 0) return url;
      const copy = new URL(url);
      for (const [name] of query) {
        const replacement = wrongQuery.get(name);
        if (credential !== 'wrong' || replacement === undefined) copy.searchParams.delete(name);
        else if (copy.searchParams.has(name)) copy.searchParams.set(name, replacement);
      }
      return copy;
    },
    carried: (credential) => {
      const missing = { none: false, wrong: false, given: !given, other: otherToken === undefined };
      return missing[credential] ? 'none' : credential;
    },
    secrets: [
      ...[...Object.values(right), ...Object.values(other)].flatMap(secretParts),
      ...query.map(([, value]) => value),
    ],
    decoys: [...Object.values(wrong).flatMap(secretParts), ...wrongQuery.values()],
  };
}

/** The secret parts of a credential header: without the scheme, cookie by cookie. */
function secretParts(value: string): string[] {
  const secret = value.replace(credentialScheme, '').trim();
  const parts = [value.trim(), secret];
  if (/^basic\s/i.test(value)) {
    const userInfo = Buffer.from(secret, 'base64').toString('utf8');
    parts.push(userInfo, userInfo.slice(userInfo.indexOf(':') + 1));
  }
  if (secret.includes('=') && !secret.endsWith('=')) {
    for (const pair of secret.split(/;\s*/)) parts.push(pair.slice(pair.indexOf('=') + 1));
  }
  return parts.filter((part) => part !== '');
}

/** A random value of the same shape: same scheme, cookie names, length and kinds of characters, never the same value. */
function decoy(value: string): string {
  const prefix = credentialScheme.exec(value)?.[0] ?? '';
  const cookie = /^[\w.-]+=(?!=*$)/.test(value);
  const secret = value.slice(prefix.length);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const made = cookie
      ? secret.replace(/=([^;]*)/g, (_match, content: string) => `=${scrambled(content)}`)
      : scrambled(secret);
    if (made !== secret) return prefix + made;
  }
  return prefix + randomBytes(16).toString('hex');
}

function scrambled(text: string): string {
  return text
    .replace(/[a-z]/g, () => pick('abcdefghijklmnopqrstuvwxyz'))
    .replace(/[A-Z]/g, () => pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ'))
    .replace(/[0-9]/g, () => pick('0123456789'));
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}
