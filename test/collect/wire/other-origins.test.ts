import { request } from 'undici';
import { expect, test } from 'vitest';
import { createOtherOrigins, isPublic } from '../../../src/collect/wire/http/other-origins.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { answerOf, collect, using } from './support.ts';

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['100.100.100.200', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::a9fe:a9fe', false],
  ['2002:7f00:1::', false],
  ['fd00:ec2::254', false],
  ['no address', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

test('what a name resolves to decides, and every address of it', async () => {
  const otherOrigins = createOtherOrigins({
    url: new URL('http://192.0.2.1:3000/mcp'),
    timeoutMs: 1_000,
    resolve: async (name) =>
      (name === 'mixed.example' ? ['8.8.8.8', '10.0.0.1'] : ['8.8.8.8']).map((address) => ({
        address,
        family: 4,
      })),
  });
  const refused = async (url: string) => {
    const route = await otherOrigins.route(new URL(url));
    return 'refused' in route ? route.refused : undefined;
  };
  expect(await refused('https://good.example/x')).toBeUndefined();
  expect(await refused('http://good.example/x')).toBe('The audit follows no http:// URL to another origin.');
  expect(await refused('file:///etc/passwd')).toBe('The audit follows no file:// URL to another origin.');
  expect(await refused('https://mixed.example/x')).toBe(
    'mixed.example has the address 10.0.0.1, which is not public.',
  );
  for (const inside of [
    'https://[::1]/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data/',
  ]) {
    expect(await refused(inside)).toMatch(/which is not public/);
  }
  await otherOrigins.close();
});

test('the host that the user named may be asked at another port, at the address that was looked at', async () => {
  const inside = await using(startDualEraServer({ selfSigned: true }));
  const asked: string[] = [];
  const otherOrigins = createOtherOrigins({
    url: new URL('https://named.example/mcp'),
    timeoutMs: 1_000,
    resolve: async (name) => {
      asked.push(name);
      return [{ address: '127.0.0.1', family: 4 }];
    },
  });
  const url = new URL(`https://named.example:${inside.url.port}/`);
  const route = await otherOrigins.route(url);
  if ('refused' in route) throw new Error(route.refused);
  // Nothing else would lead that name to the server whose certificate is not trusted here.
  await expect(request(url, { dispatcher: route.dispatcher })).rejects.toThrow(/self-signed/);
  expect(asked).toEqual(['named.example']);
  await otherOrigins.close();
});

test('authorization servers of the same origin are read where clients look, without credentials', async () => {
  const server = await using(startDualEraServer({ resourceMetadata: true }));
  const evidence = await collect(server);
  const [found] = evidence.authorizationServers;
  expect(found?.issuer).toBe(new URL('/login', server.url).href);
  expect(answerOf(evidence, found?.exchange ?? undefined).body).toContain('issuer');
  const asked = server.requests.filter(({ path }) => /oauth-authorization|openid/.test(path));
  expect(asked.map(({ path }) => path)).toEqual([
    '/.well-known/oauth-authorization-server/login',
    '/.well-known/openid-configuration/login',
    '/login/.well-known/openid-configuration',
  ]);
  expect(asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

test('issuers that point inside, or are no web addresses, are named and not asked', async () => {
  const inside = await using(startDualEraServer({ resourceMetadata: true }));
  for (const issuer of [
    inside.url.origin,
    'https://169.254.169.254',
    `https://localhost:${inside.url.port}`,
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'no URL at all',
  ]) {
    const server = await using(startDualEraServer({ resourceMetadata: [issuer] }));
    const evidence = await collect(server, { headers: [{ name: 'X-Env', value: 'staging' }] });
    expect(evidence.authorizationServers).toEqual([{ issuer, exchange: null, reason: expect.any(String) }]);
  }
  expect(inside.requests).toEqual([]);
});
