import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { sharedProject, startGenerated } from '../support/generated-server.ts';
import { aboutSessions, logMessages, requestsToTheClient } from './expected-failures.ts';
import { startFront } from './front.ts';
import { installSuite, type Suite } from './suite.ts';

// The suite runs against the HTTP server of a generated project, key, limits and all, in which the fixture tools of the
// suite have taken the place of the weather: src/server.ts is replaced, and nothing else.

const overlay = fileURLToPath(new URL('overlay/', import.meta.url));
let suite: Suite;
let project: string;

beforeAll(async () => {
  const [generated, directory] = await Promise.all([
    sharedProject(),
    mkdtemp(join(tmpdir(), 'mcp-prod-conformance-')),
  ]);
  project = directory;
  const modules = join(generated, 'node_modules');
  await cp(generated, project, { recursive: true, filter: (path) => !path.startsWith(modules) });
  await symlink(modules, join(project, 'node_modules'));
  await cp(overlay, join(project, 'src'), { recursive: true });
  [suite] = await Promise.all([installSuite(), execa('npm', ['run', '--silent', 'build'], { cwd: project })]);
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** Runs the suite and holds what failed against what has to: a scenario that begins to pass is news as well. */
async function expectConformance(
  revision: string,
  options: {
    env?: Record<string, string>;
    failing?: Record<string, string>;
    empty?: string[];
    timeoutMs?: number;
  },
): Promise<void> {
  const { env = {}, failing = {}, empty = [], timeoutMs = 30_000 } = options;
  const server = await startGenerated(project, { RATE_LIMIT: '100000', ...env });
  const front = await startFront(server.origin, server.token);
  onTestFinished(async () => {
    await front.close();
    await server.stop();
  });
  const required = await suite.required(revision);
  const verdicts = await suite.run(revision, front.url, timeoutMs);

  const failures = required
    .map((scenario) => ({ scenario, failures: verdicts.get(scenario)?.failures ?? ['it was not run'] }))
    .filter(({ scenario, failures }) => failures.length > 0 && !(scenario in failing));
  expect(failures).toEqual([]);
  const passing = Object.keys(failing).filter((scenario) => verdicts.get(scenario)?.failures.length === 0);
  expect(passing, 'take them off the list').toEqual([]);

  // The suite finds nothing wrong with a port where nobody listens.
  const checked = required.filter((scenario) => !(scenario in failing) && !empty.includes(scenario));
  expect(checked.filter((scenario) => verdicts.get(scenario)?.passed === 0)).toEqual([]);
  expect(front.answers()).toBeGreaterThanOrEqual(checked.length);
  expect(server.errors()).toBe('');
}

test('2026-07-28: everything that is required', { timeout: 120_000 }, async () => {
  expect(await suite.required('2026-07-28')).toHaveLength(37);
  await expectConformance('2026-07-28', {});
});

// Long enough for what passes; what waits for an answer that cannot come takes all of it.
const timeoutMs = 4_000;

test('2025-11-25: everything that works without sessions', { timeout: 120_000 }, async () => {
  expect(await suite.required('2025-11-25')).toHaveLength(30);
  await expectConformance('2025-11-25', { failing: requestsToTheClient, empty: aboutSessions, timeoutMs });
});

test('2025-11-25: the same with answers in JSON', { timeout: 120_000 }, async () => {
  await expectConformance('2025-11-25', {
    env: { CONFORMANCE_LOGGING: 'off' },
    failing: { ...requestsToTheClient, ...logMessages },
    empty: aboutSessions,
    timeoutMs,
  });
});
