import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

// Reading a project is bounded and can be interrupted. CPU time is measured: other processes do not affect it.

const scratch = mkdtempSync(join(tmpdir(), 'mcp-prod-budget-'));
const project = join(scratch, 'project');
const figures = join(scratch, 'figures.json');
const loaded = join(scratch, 'witness.mjs');

/** Nearly the size limit of a file. Comparing each finding with every other would take half a minute. */
const addresses = Array.from({ length: 38_000 }, (_, index) => `- https://ab:Pw${index}x@a.bc`).join('\n');
const environment = Array.from({ length: 490 }, (_, index) => `  V${index}: "${'x'.repeat(300)}"`).join('\n');
const services = Array.from({ length: 199 }, (_, index) => `  s${index}: {image: a, environment: *env}`).join(
  '\n',
);

/** Files in the order of their first read; `z.yaml` is the last. */
const files: Record<string, string> = {
  ...Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [
      `compose.${name}.yaml`,
      `x-env: &env\n${environment}\nservices:\n${services}`,
    ]),
  ),
  'y.yaml': addresses,
  'z.yaml': addresses,
};

beforeAll(() => {
  mkdirSync(project);
  writeFileSync(loaded, witness);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Loaded into the process. Sends it SIGINT when it opens a file, and records its CPU time, in total and since then. */
const witness = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const worked = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  const { open } = fs.promises;
  let interrupted;
  fs.promises.open = (file, ...rest) => {
    if (interrupted === undefined && process.env.INTERRUPT_AT && String(file).endsWith(process.env.INTERRUPT_AT)) {
      interrupted = worked();
      process.kill(process.pid, 'SIGINT');
    }
    return open(file, ...rest);
  };
  syncBuiltinESMExports();
  process.on('exit', () => fs.writeFileSync(process.env.FIGURES, JSON.stringify({
    seconds: worked(),
    secondsAfter: worked() - interrupted,
    megabytes: process.resourceUsage().maxRSS / 1024,
  })));
`;

async function audit(args: string[], interruptAt = '') {
  const result = await runCli(['audit', project, '--format', 'json', ...args], {
    env: { NODE_OPTIONS: `--import=${loaded}`, INTERRUPT_AT: interruptAt, FIGURES: figures },
  });
  return { ...result, ...JSON.parse(readFileSync(figures, 'utf8')) };
}

describe('a project made to keep an audit busy', () => {
  it('is read in seconds, and in little memory', async () => {
    const { stdout, stderr, seconds, megabytes } = await audit([
      '--budget',
      '60000',
      '--save-evidence',
      join(scratch, 'evidence.json'),
    ]);
    expect(stderr).not.toMatch(/\n\s+at |Error:/);
    expect(JSON.parse(stdout).score).toBeDefined();
    expect(seconds).toBeLessThan(8);
    expect(megabytes).toBeLessThan(250);
  });

  it('does not delay an interrupt', async () => {
    const { exitCode, stdout, secondsAfter } = await audit(['--budget', '60000'], '/z.yaml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(secondsAfter).toBeLessThan(1);
  });

  it('is abandoned when the budget is spent, and unread files cause no verdict', async () => {
    const { exitCode, stdout, stderr } = await audit(['--budget', '1', '--profile', 'extended']);
    const report = JSON.parse(stdout);
    expect(report.notices).toContain(
      'The project was not read to its end, because the time was up. --budget <ms> gives it more.',
    );
    const verdicts = new Set(report.rows.map(({ verdict }: { verdict: string }) => verdict));
    expect([...verdicts]).toEqual(['unknown']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Allow more time with --budget <ms>.');
  });
});
