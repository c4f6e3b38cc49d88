import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { collectWire } from '../../src/collect/wire/collect.ts';
import { type BaselineHistory, baselineHistory } from '../../src/evidence/lab/baseline.ts';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../src/lab/experiments/obstacles.ts';
import type { KnownServer } from '../../src/lab/known-server.ts';
import { runLab } from '../../src/lab/lab.ts';
import { alive, servers, temporaryDirectory, usingRun, weatherPlan } from './support.ts';

async function known(plan: Parameters<typeof weatherPlan>[0]): Promise<KnownServer> {
  const server = await baseline(await usingRun(plan));
  expect(baselineHistory.parse(JSON.parse(JSON.stringify(server.baseline)))).toEqual(server.baseline);
  const { outcome, pid } = server.baseline.launch;
  expect(alive(pid)).toBe(false);
  if (outcome.kind === 'listening') expect(outcome.listener.session.filter(alive)).toEqual([]);
  return server;
}

async function baselineOf(plan: Parameters<typeof weatherPlan>[0]): Promise<BaselineHistory> {
  return (await known(plan)).baseline;
}

describe('the baseline', () => {
  it('is a server that listens, is called, and asks its upstream through the gateway', async () => {
    const server = await known({
      command: 'node server.mjs',
      env: { CLIENT: 'fetch' },
      secrets: ['WEATHER_API_KEY', 'MCP_API_KEY'],
      credential: 'MCP_API_KEY',
    });
    const history = server.baseline;
    expect(server).toMatchObject({ endpoint: '/mcp', health: '/health', tool: { name: 'get_weather' } });
    expect([0, 1].map((variant) => server.tool?.arguments(variant))).toEqual([
      { city: 'London' },
      { city: 'Paris' },
    ]);
    expect(history).toMatchObject({
      connection: { era: 'legacy', server: { name: 'weather' }, tools: ['get_weather'] },
      attempts: [],
      tool: { chosen: true, name: 'get_weather', arguments: { city: 'London' }, source: 'schema' },
    });
    expect(history.calls.map(({ outcome }) => outcome)).toEqual([
      { kind: 'result', isError: false, text: '12.5 °C' },
    ]);
    const healthy = { path: '/health', outcome: { kind: 'answer', status: 200 } };
    const missing = { path: expect.stringMatching(/^\/[0-9a-f-]{36}$/), outcome: { status: 404 } };
    expect(history.health).toMatchObject([missing, healthy, healthy]);
    expect(history.gateway.requests.length).toBe(1);
    expect(obstacleTo('upstream', history)).toBeNull();
  });

  it('is the same in Python', async () => {
    const history = await baselineOf({ command: 'python3 server.py', env: { CLIENT: 'urllib' } });
    expect(history.calls).toMatchObject([{ outcome: { kind: 'result' } }]);
    expect(obstacleTo('upstream', history)).toBeNull();
  });

  it('finds an endpoint elsewhere than at the first path', async () => {
    const history = await baselineOf({ command: 'node elsewhere.mjs', env: { CLIENT: 'fetch' } });
    expect(history.connection?.url).toMatch(/\/api\/mcp$/);
    expect(history.attempts.map(({ url }) => new URL(url ?? '').pathname)).toEqual(['/mcp', '/']);
  });
});

it('an auditor comes to its end by itself', () => {
  // Sockets that are reset while they are shut down would keep it spinning.
  const script = `${servers}/once.ts`;
  const text = execFileSync(process.execPath, ['--import', 'tsx', script], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(JSON.parse(text).calls.length).toBe(1);
});

describe('what stands in the way is told, with what would help', () => {
  it.each([
    [
      'the start fails',
      { command: 'node no-such-file.mjs' },
      /^The start command ended with code 1 before/,
      /"start"/,
    ],
    [
      'nothing listens',
      {
        command: 'node plain.mjs',
        directory: `${servers}/shapes`,
        env: { BEHAVIOUR: 'deaf' },
        startTimeoutMs: 1_000,
        upstream: {},
      },
      /^Nothing listened within \d+ ms\.$/,
      /"portEnv"/,
    ],
    [
      'the token is not known',
      { command: 'node server.mjs', env: { CLIENT: 'fetch', MCP_API_KEY: 'of-the-user' } },
      /^The lab found no MCP endpoint \(\/mcp: .*401.*\)\.$/,
      /"credential"/,
    ],
    [
      'the tool is not there',
      { command: 'node server.mjs', env: { CLIENT: 'fetch' }, tool: { name: 'nope' } },
      /^The server lists no tool "nope"\.$/,
      /"tool"/,
    ],
  ])('%s', async (_title, plan, reason, help) => {
    const obstacle = obstacleTo('call', await baselineOf(plan));
    expect(obstacle?.reason).toMatch(reason);
    expect(obstacle?.help).toMatch(help);
  });

  it.each([
    [
      'TypeScript',
      'node --import tsx crash.ts',
      'Error: Missing required environment variable AIRTABLE_API_KEY',
    ],
    ['Python', '/usr/bin/python3 crash.py', 'ConfigError: AIRTABLE_API_KEY is not set'],
  ])('a crash at the start, by its message: %s', async (_, command, message) => {
    const plan = { command, directory: `${servers}/shapes`, upstream: {}, secrets: [] };
    expect(obstacleTo('listener', await baselineOf(plan))).toEqual({
      ran: false,
      reason: `The start command ended with code 1 before anything listened. It printed: ${message}`,
      help: 'Set AIRTABLE_API_KEY: add it to "secrets" (the lab makes up a value) or to "env" in mcp-prod.config.json.',
    });
    const given = { ...plan, secrets: ['AIRTABLE_API_KEY'] };
    expect(obstacleTo('listener', await baselineOf(given))).toBeNull();
  });

  it.each([
    [
      'it went around the gateway',
      "await fetch('http://127.0.0.1:4999/').catch(() => {})",
      {},
      /127\.0\.0\.1:4999 bypassed it\.$/,
      /"upstream"/,
    ],
    ['it asked nobody', '', {}, /^The calls sent no upstream request\.$/, /"tool"/],
    [
      'it trusts certificates of its own',
      "await fetch('https://api.weather.test/').catch(() => {})",
      { NODE_EXTRA_CA_CERTS: '' },
      /^A connection to api\.weather\.test failed at/,
      /NODE_EXTRA_CA_CERTS/,
    ],
  ])('%s', async (_title, code, env, reason, help) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'own.mjs'), `export async function getJson() { ${code}; return {}; }`);
    const history = await baselineOf({
      command: `node ${servers}/weather/server.mjs`,
      env: { ...env, CLIENT: join(directory, 'own') },
    });
    const obstacle = obstacleTo('upstream', history);
    expect(obstacle?.reason).toMatch(reason);
    expect(obstacle?.help).toMatch(help);
  });

  it('the lab is not in the process that listens', async () => {
    const history = await baselineOf({
      command: 'env -u NODE_OPTIONS -u HTTPS_PROXY node server.mjs',
      env: { CLIENT: 'fetch' },
      upstream: {},
    });
    expect(obstacleTo('upstream', history)?.reason).toMatch(
      /^The lab could not instrument the process that listens/,
    );
  });
});

describe('an interrupt', () => {
  it.each([0, 300, 700, 1_200])('after %i ms ends everything', async (afterMs) => {
    const directory = temporaryDirectory();
    vi.stubEnv('TMPDIR', directory);
    // The loader of TypeScript would keep what it compiled there.
    vi.stubEnv('TSX_DISABLE_CACHE', '1');
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), afterMs);
    const plan = weatherPlan({
      // The token finds the server among all processes; it never listens, so that the lab is still waiting.
      command: `node plain.mjs ${directory}`,
      directory: `${servers}/shapes`,
      env: { BEHAVIOUR: 'deaf' },
      upstream: {},
    });
    await expect(runLab(plan, { signal: interrupt.signal, budgetMs: 60_000, collectWire })).rejects.toThrow(
      /aborted/,
    );
    vi.unstubAllEnvs();
    expect(readdirSync(directory)).toEqual([]);
    const processes = execFileSync('ps', ['axww', '-o', 'state=,command='], { encoding: 'utf8' });
    expect(processes.split('\n').filter((line) => !line.startsWith('Z') && line.includes(directory))).toEqual(
      [],
    );
  });
});
