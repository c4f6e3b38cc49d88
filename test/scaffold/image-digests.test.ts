import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseReference, refreshed, withDigest } from '../../scripts/image-digests.ts';
import { containerImages } from '../../src/scaffold/container-images.ts';

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

interface Asked {
  method: string;
  url: string;
  accept: string;
}

/** A registry on loopback that requires an anonymous token. It has every image except "gone", each with its own digest. */
async function startRegistry() {
  const asked: Asked[] = [];
  const server = createServer(({ method = '', url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, origin);
    if (pathname === '/token') {
      response.end(
        JSON.stringify({ token: `for ${searchParams.get('service')} ${searchParams.get('scope')}` }),
      );
      return;
    }
    const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (headers.authorization !== `Bearer for registry.test ${scope}`) {
      const challenge = `Bearer realm="${origin}/token",service="registry.test",scope="${scope}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    asked.push({ method, url, accept: headers.accept ?? '' });
    if (tag === 'gone') response.writeHead(404).end();
    else if (tag === 'odd') response.writeHead(200, { 'docker-content-digest': 'sha256:short' }).end();
    else response.writeHead(200, { 'docker-content-digest': digestOf(`${repository}:${tag}`) }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: () => origin, asked };
}

test.each([
  ['node:24-slim', 'registry-1.docker.io', 'library/node', '24-slim'],
  ['grafana/loki:3.7.7@sha256:00', 'registry-1.docker.io', 'grafana/loki', '3.7.7'],
  ['quay.io/some/where/x:v1', 'quay.io', 'some/where/x', 'v1'],
  ['localhost:5000/x:v1', 'localhost:5000', 'x', 'v1'],
])('%s leads to its registry', (reference, registry, repository, tag) => {
  expect(parseReference(reference)).toEqual({ registry, repository, tag });
});

test.each(['node', 'node@sha256:00', 'localhost:5000/x'])('%s has no tag', (reference) => {
  expect(() => parseReference(reference)).toThrow(/has no tag/);
});

test('the digest of a tag comes from the registry, with an anonymous token', async () => {
  const { origin, asked } = await startRegistry();
  expect(await withDigest('node:24-slim@sha256:old', origin)).toBe(
    `node:24-slim@${digestOf('library/node:24-slim')}`,
  );
  // The index of all platforms comes first: otherwise the digest would be that of one platform.
  expect(asked).toMatchObject([
    {
      method: 'HEAD',
      url: '/v2/library/node/manifests/24-slim',
      accept: expect.stringMatching(/^application\/vnd\.oci\.image\.index\.v1\+json, /),
    },
  ]);
});

test.each([
  ['x/y:gone', /answered 404/],
  ['x/y:odd', /answered without a digest/],
])('an unusable response of the registry is an error: %s', async (reference, problem) => {
  const { origin } = await startRegistry();
  await expect(withDigest(reference, origin)).rejects.toThrow(problem);
  await expect(refreshed(`'a:1' '${reference}'`, ['a:1', reference], origin)).rejects.toThrow(problem);
});

test('the digests are updated, and nothing else in the file', async () => {
  const { origin } = await startRegistry();
  const old = `a:1@sha256:${'0'.repeat(64)}`;
  const text = `/** a:1 */\nexport const images = {\n  a: '${old}',\n  b: 'c/d:2',\n};\n`;
  expect(await refreshed(text, [old, 'c/d:2'], origin)).toBe(
    text.replace(old, `a:1@${digestOf('library/a:1')}`).replace('c/d:2', `c/d:2@${digestOf('c/d:2')}`),
  );
});

test.each(Object.entries(containerImages))('%s is named by a version and a digest', (_name, reference) => {
  expect(reference).toMatch(/^[a-z][\w./-]*:v?\d+\.\d+(\.\d+)?(-[a-z]+)?@sha256:[0-9a-f]{64}$/);
});
