import { expect, test } from 'vitest';
import { createIdentity } from '../../../src/collect/wire/http/identity.ts';

const url = new URL('http://127.0.0.1:3000/mcp');

test('a token goes with the given credential only; the wrong one has its shape', () => {
  const identity = createIdentity({ url, token: 'Abc-123_xyz', headers: [] });
  expect(identity.given).toBe(true);
  expect(identity.headers('given')).toEqual({ authorization: 'Bearer Abc-123_xyz' });
  expect(identity.headers('none')).toEqual({});
  const wrong = identity.headers('wrong').authorization;
  expect(wrong).toMatch(/^Bearer [A-Z][a-z]{2}-\d{3}_[a-z]{3}$/);
  expect(wrong).not.toBe('Bearer Abc-123_xyz');
});

test('headers are sorted into credentials and plain ones by their names', () => {
  const identity = createIdentity({
    url,
    headers: [
      { name: 'X-Api-Key', value: 'k3y' },
      { name: 'Cookie', value: 'sid=abc123; theme=dark' },
      { name: 'X-Region', value: 'eu' },
      { name: 'Connection', value: 'keep-alive' },
    ],
  });
  expect(identity.headers('given')).toEqual({
    'x-api-key': 'k3y',
    cookie: 'sid=abc123; theme=dark',
    'x-region': 'eu',
  });
  expect(identity.headers('none')).toEqual({ 'x-region': 'eu' });
  expect(identity.headers('wrong').cookie).toMatch(/^sid=[a-z]{3}\d{3}; theme=[a-z]{4}$/);
  expect(identity.secrets).toContain('abc123');
});

test('a password in Basic is a secret by itself', () => {
  const value = `Basic ${Buffer.from('user:hunter22').toString('base64')}`;
  const identity = createIdentity({ url, headers: [{ name: 'Authorization', value }] });
  expect(identity.secrets).toEqual(expect.arrayContaining(['hunter22', value]));
});

test('a credential in the query is left out or replaced', () => {
  const keyed = new URL('http://127.0.0.1:3000/mcp?api_key=abcdef&city=Oslo');
  const identity = createIdentity({ url: keyed, headers: [] });
  expect(identity.given).toBe(true);
  expect(identity.url(keyed, 'given').search).toBe('?api_key=abcdef&city=Oslo');
  expect(identity.url(keyed, 'none').search).toBe('?city=Oslo');
  expect(identity.url(keyed, 'wrong').search).toMatch(/^\?api_key=[a-z]{6}&city=Oslo$/);
});

test('without any credential, given carries none and wrong is made up', () => {
  const identity = createIdentity({ url, headers: [] });
  expect(identity.given).toBe(false);
  expect(identity.carried('given')).toBe('none');
  expect(identity.headers('wrong').authorization).toMatch(/^Bearer [0-9a-f]{48}$/);
});

test('another client has its own token and nothing else that proves who the first one is', () => {
  const keyed = new URL('http://127.0.0.1:3000/mcp?api_key=abcdef&city=Oslo');
  const identity = createIdentity({
    url: keyed,
    token: 'first-token',
    otherToken: 'second-token',
    headers: [
      { name: 'X-Api-Key', value: 'k3y' },
      { name: 'X-Region', value: 'eu' },
    ],
  });
  expect(identity.headers('other')).toEqual({ 'x-region': 'eu', authorization: 'Bearer second-token' });
  expect(identity.url(keyed, 'other').search).toBe('?city=Oslo');
  expect(identity.carried('other')).toBe('other');
  expect(identity.secrets).toEqual(expect.arrayContaining(['first-token', 'second-token']));
  expect(createIdentity({ url, token: 'first-token', headers: [] }).carried('other')).toBe('none');
});

const basic = (userInfo: string) => `Basic ${Buffer.from(userInfo).toString('base64')}`;

test.each([
  ['Authorization', 'Bearer abcdefghijklmnop', 'Bearer abcdefghijkl', /^Bearer abcdefghijklmnop[a-zA-Z]{8}$/],
  ['X-Api-Key', '0123456789ab', '012345678', /^0123456789ab[0-9a-f]{8}$/],
  ['X-Api-Key', '01234567', '012345', /^01234567\d{8}$/],
  ['Authorization', 'abcdef', 'abcd', /^abcdef[0-9a-f]{8}$/],
  [
    'Authorization',
    'Bearer eyJh.eyJz.c2lnbmF0',
    'Bearer eyJh.eyJz.c2lnbm',
    /^Bearer eyJh\.eyJz\.c2lnbmF0[a-zA-Z]{8}$/,
  ],
  ['Cookie', 'sid=zyxwvuts', 'sid=zyxwvu', /^sid=zyxwvuts[a-zA-Z]{8}$/],
  // Without its padding, a decoded token would be the same.
  ['Authorization', 'Bearer zyxwvutsrqp=', 'Bearer zyxwvuts', /^Bearer zyxwvutsrqp[a-zA-Z]{8}=$/],
])('the beginning of %s: %s, and more than it', (name, value, beginning, more) => {
  const identity = createIdentity({ url, headers: [{ name, value }] });
  expect(Object.values(identity.headers('prefix'))).toEqual([beginning]);
  expect(Object.values(identity.headers('extended'))).toEqual([expect.stringMatching(more)]);
  expect(identity.derived).toEqual(expect.arrayContaining([beginning]));
});

test('Basic is cut and extended in its password', () => {
  const identity = createIdentity({
    url,
    headers: [{ name: 'Authorization', value: basic('user:passw0rd') }],
  });
  const sent = (credential: 'prefix' | 'extended') =>
    Buffer.from(identity.headers(credential).authorization?.slice(6) ?? '', 'base64').toString();
  expect(sent('prefix')).toBe('user:passw0');
  expect(sent('extended')).toMatch(/^user:passw0rd[a-zA-Z]{8}$/);
  expect(identity.lengths('prefix')).toEqual({ characters: 6, of: 8 });
  expect(identity.derived).toContain('passw0');
});

test('a short token has no beginning that could be masked, and is never sent in the place of one', () => {
  const short = createIdentity({ url, token: 'abcde', headers: [] });
  expect([short.lengths('prefix'), short.carried('prefix')]).toEqual([undefined, 'none']);
  expect(short.lengths('extended')).toEqual({ characters: 13, of: 5 });
  const two = createIdentity({ url, token: 'abcde', headers: [{ name: 'X-Api-Key', value: '0123456789' }] });
  expect(two.headers('prefix')['x-api-key']).toBe('0123456');
  expect(two.headers('prefix').authorization).toMatch(/^Bearer [a-z]{5}$/);
  expect(two.headers('prefix').authorization).not.toBe('Bearer abcde');
});

test('a token in the query is cut and extended there', () => {
  const keyed = new URL('http://127.0.0.1:3000/mcp?api_key=zyxwvuts&city=Oslo');
  const identity = createIdentity({ url: keyed, headers: [] });
  expect(identity.url(keyed, 'prefix').search).toBe('?api_key=zyxwvu&city=Oslo');
  expect(identity.url(keyed, 'extended').search).toMatch(/^\?api_key=zyxwvuts[a-zA-Z]{8}&city=Oslo$/);
});
