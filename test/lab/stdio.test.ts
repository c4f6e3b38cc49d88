import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../src/lab/experiments/obstacles.ts';
import type { LabPlan } from '../../src/lab/plan.ts';
import { judgeCriterion } from '../support/rows.ts';
import { experimentsOn, servers, temporaryDirectory, usingRun } from './support.ts';

type Plan = Partial<LabPlan> & { command: string };

const languages: [string, Plan][] = [
  ['Node', { command: 'node stdio.mjs', directory: `${servers}/ready` }],
  ['Python', { command: '/usr/bin/python3 stdio.py', directory: `${servers}/ready-python` }],
];

/** Over stdio, with this defect and none other. Calls have time enough for a slow upstream. */
function withDefect(plan: Plan, defect = ''): Plan {
  return {
    ...plan,
    transport: 'stdio',
    env: { DEFECT: defect, UPSTREAM_TIMEOUT_MS: '4000' },
    patienceMs: 6_000,
  };
}

describe.each(languages)('a server in %s that speaks stdio', (_name, plan) => {
  it('is launched, serves a client, and asks its upstream through the gateway', async () => {
    const known = await baseline(await usingRun(withDefect(plan)));
    const { launch, connection, calls, gateway } = known.baseline;
    expect(obstacleTo('upstream', known.baseline)).toBeNull();
    expect(known).toMatchObject({ endpoint: null, health: null, tool: { name: 'get_weather' } });
    expect(launch).toMatchObject({ port: null, outcome: { kind: 'speaking' } });
    expect(connection).toMatchObject({ url: null, era: 'legacy', tools: ['get_weather'] });
    expect(calls).toMatchObject([{ outcome: { kind: 'result', isError: false, text: '12.5 °C' } }]);
    expect(gateway.requests).toMatchObject([{ canaries: [{ name: 'WEATHER_API_KEY' }] }]);
    expect(launch.output.lines.every(({ stream }) => stream === 'stderr')).toBe(true);
  });
});

const script = (code: string): Plan => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'server.mjs'), code);
  return { command: 'node server.mjs', directory, transport: 'stdio', secrets: [], upstream: {} };
};

describe('what stands in the way over stdio is told, with what would help', () => {
  it.each([
    [
      'the start fails',
      'console.error("KEY is missing"); process.exit(1);',
      /^The start command ended with code 1 before a client was served\. It printed: KEY is missing$/,
      /"stdio"/,
    ],
    [
      'it speaks something else',
      'console.log("Listening on 3000"); setInterval(() => {}, 1000);',
      /^The server served no client over stdio: .* Its stdout begins with: Listening on 3000$/,
      /--stdio/,
    ],
  ])('%s', async (_title, code, reason, help) => {
    const run = await usingRun({ ...script(code), startTimeoutMs: 2_000 });
    const obstacle = obstacleTo('listener', (await baseline(run)).baseline);
    expect(obstacle?.reason).toMatch(reason);
    expect(obstacle?.help).toMatch(help);
  });
});

it('a server of 2026-07-28 alone is served its client, too, and lacks older ones', async () => {
  const seen = await experimentsOn(script(modernOnly), 'revisions', 'bad-input');
  expect(seen.lab?.baseline.connection).toMatchObject({ era: 'modern', revision: '2026-07-28', tools: [] });
  const judged = [
    judgeCriterion('protocol-revisions', 'current-clients', seen),
    judgeCriterion('protocol-revisions', 'older-clients', seen),
    judgeCriterion('input-validation', 'unknown-method', seen),
    judgeCriterion('input-validation', 'unreadable-line', seen),
    judgeCriterion('input-validation', 'bad-arguments', seen),
  ];
  expect(judged.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'pass', 'fail', 'not-applicable']);
  expect(judged[3]?.finding).toBe('After a line that is not JSON, the server ended with code 1.');
});

it('what npm prints on stdout is seen, though the lab keeps it silent elsewhere', async () => {
  const plan = withDefect({ command: 'npm run serve', directory: temporaryDirectory() });
  const scripts = { serve: `node ${servers}/ready/stdio.mjs` };
  writeFileSync(join(plan.directory ?? '', 'package.json'), JSON.stringify({ scripts }));
  const upstream = { 'api.weather.test': { 'GET /v1/current': `${servers}/ready/current.json` } };
  const seen = await experimentsOn({ ...plan, upstream }, 'stdio-purity');
  const { verdict, finding } = judgeCriterion('structured-logging', 'protocol-only-on-stdout', seen);
  expect(verdict).toBe('fail');
  expect(finding).toContain('> serve');
});

const modernOnly = `
import { createInterface } from 'node:readline';
const results = {
  'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo: { name: 'm', version: '1' } },
  'tools/list': { tools: [] },
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line);
  if (id === undefined) continue;
  const hints = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  const said = results[method] ? { result: { ...results[method], ...hints } } : { error: { code: -32601, message: 'Method not found' } };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...said }) + '\\n');
}
`;
