import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { build } from '../../src/lab/world/launcher/build.ts';
import { buildEnvironment } from '../../src/lab/world/launcher/environment.ts';
import { temporaryDirectory, usingInstance, usingRun } from './support.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const token = 'of-the-auditor-1234567890';

/** Starts the build, a service and the server, each of which writes down its environment. */
async function environments(): Promise<Record<'build' | 'service' | 'server', Record<string, string>>> {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'program.mjs'),
    `import { writeFileSync } from 'node:fs';
     import { createServer } from 'node:http';
     const [, , name, port] = process.argv;
     writeFileSync(name + '.json', JSON.stringify(process.env));
     if (port) createServer((_, response) => response.end('ok')).listen(Number(port), '127.0.0.1');`,
  );
  const run = await usingRun({
    build: 'node program.mjs build',
    command: 'node program.mjs server ${PORT}',
    directory,
    upstream: {},
    services: [{ name: 'store', start: 'node program.mjs service ${PORT}' }],
  });
  await build(run, () => {});
  await usingInstance(run);
  const read = (name: string) => JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
  return { build: read('build'), service: read('service'), server: read('server') };
}

it('no token of the auditor reaches the build, a service or the server', async () => {
  const names = ['MCP_PROD_TOKEN', 'GITHUB_TOKEN', 'NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'OPENAI_API_KEY'];
  for (const name of [...names, 'npm_config__authToken', 'WHATEVER']) vi.stubEnv(name, token);
  vi.stubEnv('HTTPS_PROXY', `http://me:${token}@proxy.test:3128`);
  vi.stubEnv('GOPATH', '/somewhere/go');
  const all = await environments();
  expect(JSON.stringify(all)).not.toContain(token);
  for (const [name, environment] of Object.entries(all)) {
    const { PATH, HOME, GOPATH } = environment;
    expect({ name, PATH, HOME, GOPATH }).toEqual({
      name,
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      GOPATH: '/somewhere/go',
    });
  }
  // Development dependencies belong to a build.
  expect(all.build).not.toHaveProperty('NODE_ENV');
  expect(all.server.NODE_ENV).toBe('production');
});

it('a build has the network of the auditor, but for a password', () => {
  const own = {
    HTTP_PROXY: 'http://proxy.test:3128',
    HTTPS_PROXY: 'http://me:word@proxy.test:3128',
    NO_PROXY: 'localhost',
    NODE_EXTRA_CA_CERTS: '/etc/own.pem',
    TMPDIR: '/scratch',
    NODE_AUTH_TOKEN: token,
  };
  expect(buildEnvironment(own)).toEqual({
    HTTP_PROXY: 'http://proxy.test:3128',
    NO_PROXY: 'localhost',
    NODE_EXTRA_CA_CERTS: '/etc/own.pem',
    TMPDIR: '/scratch',
  });
});
