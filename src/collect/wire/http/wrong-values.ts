import { randomBytes, randomInt } from 'node:crypto';
import { credentialScheme } from '../../../text/secrets/names.ts';

/** Characters that a truncated token loses at least, and keeps at least. Fewer could not be masked. */
const fewestCut = 2;
const fewestKept = 4;
const extensionCharacters = 8;

/** A wrong value that was derived from the right one, and the lengths of both without the scheme. */
export interface Derived {
  value: string;
  characters: number;
  of: number;
}

/** A random value of the same shape: same scheme, cookie names, length and kinds of characters, never the same value. */
export function madeUp(value: string): string {
  const { scheme, secret } = parted(value);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const made = changed(secret, scrambled);
    if (made !== secret) return scheme + made;
  }
  return scheme + randomBytes(16).toString('hex');
}

/**
 * The value without the last quarter of its token. A JWT loses the last quarter of its signature, and Basic of its password.
 *
 * @returns undefined where too few characters would remain
 */
export function truncated(value: string): Derived | undefined {
  return derived(value, (token) => {
    const { body } = padded(token);
    const from = isJwt(token) ? token.lastIndexOf('.') + 1 : 0;
    const cut = Math.max(fewestCut, Math.ceil((body.length - from) / 4));
    return body.length - from - cut < fewestKept ? undefined : body.slice(0, -cut);
  });
}

/** The value with eight more characters of its own alphabet: another token. */
export function extended(value: string): Derived | undefined {
  return derived(value, (token) => {
    const { body, padding } = padded(token);
    return body === '' ? undefined : body + extensionFor(body) + padding;
  });
}

function derived(value: string, change: (token: string) => string | undefined): Derived | undefined {
  const { scheme, secret } = parted(value);
  let lengths: Omit<Derived, 'value'> | undefined;
  const changeOne = (token: string) => {
    const result = change(token);
    // The right token in one place would open what a wrong one in another place does not.
    if (result === undefined) return scrambled(token);
    lengths ??= { characters: result.length, of: token.length };
    return result;
  };
  const made = /^basic\s/i.test(scheme) ? changedPassword(secret, changeOne) : changed(secret, changeOne);
  return lengths && { value: scheme + made, ...lengths };
}

function parted(value: string): { scheme: string; secret: string } {
  const scheme = credentialScheme.exec(value)?.[0] ?? '';
  return { scheme, secret: value.slice(scheme.length).trim() };
}

/** A server that decodes base64 takes a token without its padding for the same one. */
function padded(token: string): { body: string; padding: string } {
  const body = token.replace(/(?<!=)=+$/, '');
  return { body, padding: token.slice(body.length) };
}

/** The secret with another token, or with another value in each of its cookies. */
function changed(secret: string, change: (token: string) => string): string {
  const cookie = /^[\w.-]+=(?!=*$)/.test(secret);
  return cookie
    ? secret.replace(/=([^;]*)/g, (_match, content: string) => `=${change(content)}`)
    : change(secret);
}

/** RFC 7617: `user-id:password` in base64. */
function changedPassword(secret: string, change: (password: string) => string): string {
  const userInfo = Buffer.from(secret, 'base64').toString('utf8');
  const at = userInfo.indexOf(':') + 1;
  return Buffer.from(userInfo.slice(0, at) + change(userInfo.slice(at)), 'utf8').toString('base64');
}

const isJwt = (token: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/** A server that decodes hex or digits would skip any other characters. */
function extensionFor(token: string): string {
  const hex = /[A-F]/.test(token) ? '0123456789ABCDEF' : '0123456789abcdef';
  const alphabet = [
    { of: /^\d+$/, characters: '0123456789' },
    { of: /^[\da-f]+$/i, characters: hex },
  ].find(({ of }) => of.test(token));
  const characters = alphabet?.characters ?? lower + lower.toUpperCase();
  return Array.from({ length: extensionCharacters }, () => pick(characters)).join('');
}

const lower = 'abcdefghijklmnopqrstuvwxyz';

function scrambled(text: string): string {
  return text
    .replace(/[a-z]/g, () => pick(lower))
    .replace(/[A-Z]/g, () => pick(lower.toUpperCase()))
    .replace(/[0-9]/g, () => pick('0123456789'));
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}
