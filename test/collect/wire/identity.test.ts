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
