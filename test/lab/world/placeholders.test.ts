import { expect, it } from 'vitest';
import { fillIn, fillInAll, portPlaceholders } from '../../../src/lab/world/placeholders.ts';
import { servers, usingInstance, usingRun } from '../support.ts';

it('a port stands where its name stood, and nothing else changes', () => {
  const ports = portPlaceholders(20_001, 20_002);
  expect(fillIn('serve --port ${PORT} --url http://x:${PUBLIC_PORT} --also ${PORT}', ports)).toBe(
    'serve --port 20001 --url http://x:20002 --also 20001',
  );
  expect(fillIn('http://127.0.0.1:${PUBLIC_PORT}', portPlaceholders(20_001))).toBe('http://127.0.0.1:20001');
  expect(fillIn('echo $PORT ${HOME} ${PORT:-3000} $${PORT}', ports)).toBe(
    'echo $PORT ${HOME} ${PORT:-3000} $20001',
  );
  expect(fillInAll({ A: ':${PORT}', B: 'none' }, ports)).toEqual({ A: ':20001', B: 'none' });
});

it('a secret stands where its name stood, letter by letter', () => {
  const secrets = { MCP_API_KEY: "a$&b$'c", SECOND_CLIENT: '${MCP_API_KEY}' };
  expect(
    fillInAll(
      { KEYS: 'one:${MCP_API_KEY},two:${SECOND_CLIENT}', URL: 'http://x:${PORT}/${toString}' },
      secrets,
    ),
  ).toEqual({ KEYS: "one:a$&b$'c,two:${MCP_API_KEY}", URL: 'http://x:${PORT}/${toString}' });
});

it('a server that takes its port as a word is launched without a shell, and told where clients reach it', async () => {
  const run = await usingRun({
    directory: `${servers}/shapes`,
    command: 'node environment.mjs ${PORT}',
    env: { PUBLIC_URL: 'http://127.0.0.1:${PUBLIC_PORT}', OWN: '127.0.0.1:${PORT}' },
    portEnv: 'ANOTHER_NAME',
    upstream: {},
  });
  const direct = await usingInstance(run);
  const balanced = await usingInstance(run, {
    publicPort: 20_999,
    env: { EXTRA: '${PORT} ${PUBLIC_PORT}', OWN: undefined },
  });
  for (const { server } of [direct, balanced]) {
    expect(server.facts()).toMatchObject({
      shell: false,
      outcome: { kind: 'listening', portIgnored: false },
    });
  }
  const told = async ({ server }: typeof direct) => (await fetch(server.origin ?? '')).json();
  const { port } = direct.server.facts();
  expect(direct.publicPort).toBe(port);
  expect(await told(direct)).toEqual({ PUBLIC_URL: `http://127.0.0.1:${port}`, OWN: `127.0.0.1:${port}` });
  const own = balanced.server.facts().port;
  expect(await told(balanced)).toEqual({ PUBLIC_URL: 'http://127.0.0.1:20999', EXTRA: `${own} 20999` });
});
