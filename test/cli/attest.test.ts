import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statementsOf } from '../../src/cli/audit/statements.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Report } from '../../src/report/schema.ts';
import { runInProcess } from '../support/cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-attest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'mcp-prod.config.json');
const attest = { 'log-aggregation/collector-declared': 'Datadog agent on every node' };

/** An audit of a directory that holds this configuration alone. */
async function audit(config: unknown, ...args: string[]) {
  await writeFile(file(), JSON.stringify(config));
  const run = await runInProcess(['audit', folder, ...args, '--format', 'json']);
  const report: Report | null = run.stdout === '' ? null : JSON.parse(run.stdout);
  return { ...run, report, row: (id: string) => report?.rows.find((row) => row.id === id) };
}

describe('what a configuration states', () => {
  it('counts if --config names the file', async () => {
    const { report, row } = await audit({ attest, upstream: false }, '--config', file());
    expect(row('log-aggregation')?.criteria[0]).toMatchObject({ verdict: 'pass', proof: 'attested' });
    expect(row('upstream-timeouts')?.verdict).toBe('not-applicable');
    expect(report?.attestations).toHaveLength(1);
    expect(report?.notices).toEqual([]);
  });

  it('does not count if the file was merely found, and a notice says how it would', async () => {
    const { report, row } = await audit({ attest, upstream: false });
    expect(row('log-aggregation')).toMatchObject({ verdict: 'unknown', proof: null });
    expect(row('upstream-timeouts')?.verdict).toBe('unknown');
    expect(report?.attestations).toEqual([]);
    expect(report?.notices).toEqual([
      'Ignored "attest" and "upstream": false: mcp-prod.config.json was not named with --config. To count what it states, name the configuration with --config.',
    ]);
  });

  it('counts with --lab, which runs the code of the project anyway', () => {
    const config: Config = { attest, upstream: false };
    expect(statementsOf({ config, trusted: true }).evidence).toEqual({ attested: attest, noUpstream: true });
    expect(statementsOf({ config: { upstream: {} }, trusted: true }).evidence).toEqual({});
  });

  it('is saved with the evidence, without a secret, and judged again', async () => {
    const key = `ghp_${'a1B2'.repeat(10)}`;
    const saved = join(folder, 'saved.json');
    const config = { attest: { 'metrics/exposed': `Datadog with ${key}` }, upstream: false };
    const args = ['--profile', 'extended', '--config', file(), '--save-evidence', saved];
    const live = await audit(config, ...args);
    const shown = { row: 'metrics', statement: expect.stringContaining('Datadog with '), proof: 'attested' };
    expect(live.report?.attestations).toMatchObject([shown]);
    const again = await runInProcess([
      'audit',
      ...['--evidence', saved, '--profile', 'extended', '--format', 'json'],
    ]);
    expect(JSON.parse(again.stdout)).toEqual(live.report);
    expect(`${live.stdout}${live.stderr}${await readFile(saved, 'utf8')}`).not.toContain(key.slice(4));
  });
});

describe('a statement about', () => {
  it.each([
    [
      'another criterion of the row',
      'log-aggregation/standard-streams',
      'Attestable in this row: log-aggregation/collector-declared.',
    ],
    ['a row without such criteria', 'upstream-timeouts/stalled-headers', 'rate-limiting/per-client'],
    ['a misspelt row', 'log-agregation/collector-declared', 'log-aggregation/collector-declared'],
  ])('%s is a usage error that names what can be attested', async (_, key, hint) => {
    // In a found configuration, too: it never counts, but it is wrong.
    for (const args of [[], ['--config', file()]]) {
      const { exitCode, stderr, stdout } = await audit({ attest: { [key]: 'trust me' } }, ...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`"attest" names "${key}", which is no attestable criterion.`);
      expect(stderr).toContain(hint);
    }
  });

  it.each([
    ['an empty statement', ''],
    ['a blank statement', ' '],
    ['two lines', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a control', 'a\u001bb'],
    ['a long statement', 'a'.repeat(301)],
    ['no text', true],
  ])('a criterion is no statement: %s', async (_, statement) => {
    const { exitCode, stderr } = await audit({ attest: { 'metrics/exposed': statement } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('attest.metrics/exposed:');
  });

  it('a secret is not quoted', async () => {
    const key = 'root:$6$s3cret:19000';
    for (const statement of ['trust me', '']) {
      const { exitCode, stderr } = await audit({ attest: { [key]: statement } });
      expect(exitCode).toBe(2);
      expect(stderr).not.toContain('s3cret');
    }
  });
});
