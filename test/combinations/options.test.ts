import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scaffoldOptions } from '../../src/scaffold/options.ts';
import { type Select, sharedProject } from '../support/generated-server.ts';

/**
 * Every value of what decides about the source, and the pairs that share code. What is not named has its default. The first
 * three are those that the lab launches.
 */
const selections: readonly Select[] = [
  {},
  { auth: 'oauth', store: 'redis', provider: 'open-meteo', sse: true },
  { auth: 'none', provider: 'open-meteo' },
  { auth: 'oauth', observability: 'full' },
  { store: 'redis', sse: true, observability: 'none' },
];

const spelled = (select: Select) =>
  Object.entries(select)
    .map(([id, value]) => (value === true ? `--${id}` : `--${id} ${value}`))
    .join(' ') || 'the defaults';

test('together they have every value', () => {
  for (const { id, choices, defaults } of scaffoldOptions.slice(0, 5)) {
    const chosen = new Set(
      selections.map((select) => (select[id] === true ? 'on' : (select[id] ?? defaults[0]))),
    );
    expect([...chosen].sort(), id).toEqual(choices.map(({ value }) => value).sort());
  }
});

// Each waits more than it works. How many run at a time: maxConcurrency.
describe.concurrent.each(selections.map((select) => [spelled(select), select] as const))(
  '%s',
  (_spelled, select) => {
    test('type-checks and lints, and its tests pass', { timeout: 600_000 }, async () => {
      const project = await sharedProject(select);
      // What a developer's shell or a CI may hold is not for the tests to depend on.
      const env = { NO_COLOR: '1', http_proxy: 'http://127.0.0.1:9', PORT: 'none', NODE_ENV: 'production' };
      const run = async (...words: string[]) =>
        (await execa('npm', ['run', '--silent', ...words], { cwd: project, env })).stdout;
      await run('typecheck');
      await run('lint');
      expect(await run('test')).toMatch(/Test Files +\d+ passed \(/);
    });

    test('installs from a clean copy with npm ci', { timeout: 600_000 }, async () => {
      const parent = await mkdtemp(join(tmpdir(), 'mcp-prod-clean-'));
      onTestFinished(() => rm(parent, { recursive: true, force: true }));
      const clean = join(parent, 'clean');
      await execa('git', ['clone', '--quiet', await sharedProject(select), clean]);
      await execa('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--omit=dev'], {
        cwd: clean,
      });
      const { stdout } = await execa('git', ['status', '--porcelain'], { cwd: clean });
      expect(stdout).toBe('');
    });
  },
);
