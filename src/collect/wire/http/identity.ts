import { randomBytes } from 'node:crypto';
import type { Credential } from '../../../evidence/exchange.ts';
import { credentialScheme, namesCredential } from '../../../text/secrets/names.ts';
import { type Derived, extended, madeUp, truncated } from './wrong-values.ts';

export interface NamedValue {
  name: string;
  value: string;
}

/** The user's credentials, and the headers of every request. */
export interface Identity {
  /** Whether the user gave a credential. */
  given: boolean;
  /** Headers for a request that carries this credential, with lower-case names. */
  headers: (credential: SentCredential) => Record<string, string>;
  /** The URL for this credential: without the credentials in its query, or with wrong ones. */
  url: (url: URL, credential: SentCredential) => URL;
  /** The credential that a request carries: `none` when `given` or `other` does not exist. */
  carried: (credential: SentCredential) => SentCredential;
  /** Every value of the user that must not be recorded. */
  secrets: string[];
  /** The made-up values of `wrong`. */
  decoys: string[];
  /** The truncated and extended values. They are not recorded, but a piece of a token may be an ordinary word. */
  derived: string[];
  /** Characters of the truncated or extended token, and of the right one. Undefined: there is no such token. */
  lengths: (credential: DerivedCredential) => { characters: number; of: number } | undefined;
}

/** The credentials that are made from the given one. */
export type DerivedCredential = 'prefix' | 'extended';
/** A record takes a derived credential for a wrong one. */
export type SentCredential = Credential | DerivedCredential;

export const recorded = (credential: SentCredential): Credential =>
  credential === 'prefix' || credential === 'extended' ? 'wrong' : credential;

/** The credentials of a client: headers, and values in the query. */
interface Proof {
  headers: Record<string, string>;
  query: ReadonlyMap<string, string>;
}

/** The HTTP library sets these headers; a user's value could only contradict it. */
const connectionHeaders =
  /^(connection|transfer-encoding|keep-alive|upgrade|content-length|expect|te|trailer)$/i;

/**
 * Separates credentials from plain headers. Credentials are the bearer token, and headers and query values with a credential's
 * name. Each has a random counterpart of the same shape for `wrong`, and derived ones for `prefix` and `extended`.
 */
export function createIdentity(options: {
  url: URL;
  token?: string;
  otherToken?: string;
  headers: NamedValue[];
}): Identity {
  const { otherToken } = options;
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
  const query = new Map(
    [...options.url.searchParams].filter(([name, value]) => namesCredential(name) && value !== ''),
  );

  const given = Object.keys(right).length > 0 || query.size > 0;
  const none: Proof = { headers: {}, query: new Map() };
  const from = (made: (value: string) => string): Proof => ({
    headers: Object.fromEntries(Object.entries(right).map(([name, value]) => [name, made(value)])),
    query: new Map([...query].map(([name, value]) => [name, made(value)])),
  });
  const derive = (derived: (value: string) => Derived | undefined) => {
    const first = [...Object.values(right), ...query.values()].map(derived).find((one) => one !== undefined);
    return first && { ...from((value) => derived(value)?.value ?? madeUp(value)), lengths: first };
  };
  const made = { prefix: derive(truncated), extended: derive(extended) };
  const proofs: Record<SentCredential, Proof> = {
    none,
    // The probe with a wrong credential does not need a given one.
    wrong: given
      ? from(madeUp)
      : { ...none, headers: { authorization: `Bearer ${randomBytes(24).toString('hex')}` } },
    given: { headers: right, query },
    other: otherToken === undefined ? none : { ...none, headers: { authorization: `Bearer ${otherToken}` } },
    prefix: made.prefix ?? none,
    extended: made.extended ?? none,
  };
  const valuesOf = ({ headers, query: values }: Proof) => [
    ...Object.values(headers).flatMap(secretParts),
    ...values.values(),
  ];

  return {
    given,
    headers: (credential) => ({ ...plain, ...proofs[credential].headers }),
    url: (url, credential) => {
      if (credential === 'given' || query.size === 0) return url;
      const copy = new URL(url);
      for (const name of query.keys()) {
        const replacement = proofs[credential].query.get(name);
        if (replacement === undefined) copy.searchParams.delete(name);
        else if (copy.searchParams.has(name)) copy.searchParams.set(name, replacement);
      }
      return copy;
    },
    carried: (credential) => {
      const exists: Record<SentCredential, boolean> = {
        none: true,
        wrong: true,
        given,
        other: otherToken !== undefined,
        prefix: made.prefix !== undefined,
        extended: made.extended !== undefined,
      };
      return exists[credential] ? credential : 'none';
    },
    secrets: [...valuesOf(proofs.given), ...valuesOf(proofs.other)],
    decoys: valuesOf(proofs.wrong),
    derived: [...valuesOf(proofs.prefix), ...valuesOf(proofs.extended)],
    lengths: (credential) => {
      const { characters, of } = made[credential]?.lengths ?? {};
      return characters === undefined || of === undefined ? undefined : { characters, of };
    },
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
