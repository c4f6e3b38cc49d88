import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations } from '../../src/cli/github/annotations.ts';
import { addToStepSummary } from '../../src/cli/github/step-summary.ts';
import { inert, workflowCommand } from '../../src/cli/github/workflow-commands.ts';
import { formatNames } from '../../src/report/formats.ts';
import { baselineOf, compare } from '../../src/score/baseline.ts';
import { assessmentOf } from '../support/assessments.ts';
import { runInProcess } from '../support/cli.ts';
import { mixedEvidence } from '../support/reports.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-github-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a workflow command', () => {
  it.each(['error', 'warning'] as const)('is the one command of its line, whatever is in it: %s', (kind) => {
    const hostile =
      'a\u0085::error::b\u2028\u2029c\u001b[2J\u009b\u202ed##[add-path]e\u0000##vso[x]\u200bf,title=g';
    const command = workflowCommand(kind, { file: hostile, title: hostile }, `${hostile}\r\n\r::x`);
    expect(command.slice(0, -1)).toMatch(/^::(error|warning) file=[^,:]+,title=[^,:]+::\P{C}+$/u);
    expect(command).not.toMatch(/##(vso)?\[|[\u2028\u2029]/);
    expect(command).toMatch(/%0D%0A%0D::x\n$/);
    expect(command).toContain('file=a\\u{85}%3A%3Aerror%3A%3Ab\\u{2028}');
  });

  it('is one line, whatever it says', () => {
    const command = workflowCommand('error', { file: 'a,b:c\nd', line: 3 }, '100 %\n::set-env name=X::y');
    expect(command).toBe('::error file=a%2Cb%3Ac%0Ad,line=3::100 %25%0A::set-env name=X::y\n');
  });
});

describe('text of a server', () => {
  // As actions/runner reads them: the newer form at the beginning of a line, behind any space; the older one anywhere.
  const isCommand = (line: string) => /^[\s\u0085]*::/.test(line) || line.includes('##[');
  const hostile = [
    '::error::owned',
    'a\n  ::add-mask::b',
    'a\r::stop-commands::x',
    '\u0085::warning::x',
    'GET /x ##[error]owned',
    '###[add-path]/tmp',
  ];

  it.each(hostile)('%j holds no command any more', (text) => {
    for (const notation of ['text', 'markup', 'json'] as const) {
      // What JSON.stringify writes has no line breaks within strings.
      const document = notation === 'json' ? JSON.stringify({ text }) : text;
      expect(
        inert(document, notation)
          .split(/[\r\n]/)
          .some(isCommand),
      ).toBe(false);
    }
  });

  it.each(hostile)('%j is the same for a JSON parser', (text) => {
    expect(JSON.parse(inert(JSON.stringify({ text }), 'json'))).toEqual({ text });
  });

  it('that is no command stays as it is', () => {
    expect(inert('std::vector, a::b ## [x]')).toBe('std::vector, a::b ## [x]');
  });
});

describe('an annotation', () => {
  const assessment = assessmentOf({
    'non-root-user': { 'image-user': { verdict: 'fail', files: ['Dockerfile', 'b/Dockerfile'] } },
    'response-caching': { 'repeated-call': { verdict: 'fail', files: ['src/a,b\n::error::c\u0085##[x]'] } },
    'restart-policy': { declared: { verdict: 'fail', files: ['../../compose.yaml'] } },
    'upstream-timeouts': { 'stalled-headers': { verdict: 'fail' } },
    metrics: { exposed: { verdict: 'inconclusive', files: ['x'] } },
  });
  const annotate = (project: string | null) =>
    annotations(assessment, [], { project, workspace: '/srv' })
      .split('\n')
      .map((line) => line.replace(/title=.*/, ''));

  it('is an error for a required row and a warning for others, with the place where there is one to show', () => {
    expect(annotate('/srv/app')).toEqual([
      '::error file=app/Dockerfile,line=1,',
      '::warning file=app/src/a%2Cb%0A%3A%3Aerror%3A%3Ac\\u{85}#\\u{23}[x],line=1,',
      '::error ',
      '::error ',
      '',
    ]);
    expect(annotate(null)).toEqual(['::error ', '::warning ', '::error ', '::error ', '']);
  });

  it('comes first for the headline of its row', () => {
    const both = assessmentOf({
      'non-root-user': { 'image-user': { verdict: 'fail' }, 'process-user': { verdict: 'fail' } },
    });
    const text = annotations(both, [], { project: null, workspace: '/srv' });
    expect(text.match(/(?<=What was found of )[\w-]+/g)).toEqual(['process-user', 'image-user']);
  });

  it('is not made of what is known', () => {
    const { failures } = compare(assessment, baselineOf(assessment, null));
    expect(annotations(assessment, failures, { project: null, workspace: '/srv' })).toBe('');
  });
});

describe('a step of GitHub Actions', () => {
  /** Evidence in which everything that a server or a project can name is a command. */
  async function auditHostile(...more: string[]) {
    const evidence = mixedEvidence();
    const { project, wire } = evidence;
    for (const { outcome } of wire?.clients ?? []) {
      if (outcome.connected) outcome.server = { name: '##[error]name', version: '::error::version' };
    }
    for (const { request } of wire?.exchanges ?? []) request.url = `${request.url}/##[error]x`;
    evidence.notices.push('::error::notice', '##[set-output name=a]b');
    project?.literalSecrets.push({
      name: 'KEY##[error]x',
      kind: 'x\n::error::y',
      byForm: true,
      at: { file: 'a,b\n::error::c', line: 3 },
    });
    const file = join(folder, 'hostile.json');
    const saved = {
      schemaVersion: 1,
      tool: { name: 'mcp-prod', version: '0.0.0' },
      startedAt: '2026-01-02T03:04:05.678Z',
      durationMs: 1,
      evidence,
    };
    await writeFile(file, JSON.stringify(saved));
    return runInProcess(['audit', '--evidence', file, '--fail-on', 'recommended', ...more], {
      cwd: folder,
      env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder },
    });
  }

  it.each(formatNames)('gets no command from %s', async (format) => {
    const { stdout, stderr, exitCode } = await auditHostile('--format', format);
    expect(exitCode).toBe(1);
    expect(stdout).not.toMatch(/^[\s\u0085]*::|##\[/m);
    if (format === 'json') expect(JSON.parse(stdout).server.name).toBe('##[error]name');
    const commands = stderr.split('\n').filter((line) => /^\s*::/.test(line));
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) {
      expect(command).toMatch(
        /^::(error|warning) (file=[^,:]+,line=\d+,)?title=mcp-prod%3A [^:]+::[^\r\n]+$/,
      );
    }
    expect(
      stderr
        .split('\n')
        .filter((line) => line.startsWith('mcp-prod:'))
        .join(),
    ).not.toContain('##[');
  });

  it('sees what failed', async () => {
    const { stderr } = await auditHostile();
    expect(stderr).toMatch(
      /^::error .*title=mcp-prod%3A Non-root container user::The final stage of .* sets no USER/m,
    );
  });

  it('sees no annotation of what is known', async () => {
    const file = join(folder, 'baseline.json');
    await auditHostile('--write-baseline', file);
    const { stderr, exitCode } = await auditHostile('--baseline', file);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('has the report in its summary', async () => {
    const file = join(folder, 'step.md');
    const { exitCode, stderr } = await auditHostile();
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.not.stringContaining('summary') });
    await runInProcess(['audit', '--evidence', join(folder, 'hostile.json')], {
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file },
    });
    const summary = await readFile(file, 'utf8');
    expect(summary).toMatch(/^## Not ready for production/);
    expect(summary).toContain('non-root-user');
  });

  it('elsewhere prints no command', async () => {
    const file = join(folder, 'hostile.json');
    const { stderr } = await runInProcess(['audit', '--evidence', file]);
    expect(stderr).toBe('');
  });
});

describe('the summary of a step', () => {
  it('is added to what others wrote', async () => {
    const file = join(folder, 'summary.md');
    await writeFile(file, '# Build\n');
    expect(await addToStepSummary(file, '# Audit')).toBeNull();
    expect(await readFile(file, 'utf8')).toBe('# Build\n# Audit\n');
  });

  it('is left out where it would cost everything', async () => {
    const file = join(folder, 'full.md');
    await writeFile(file, '');
    await truncate(file, 1_048_570);
    expect(await addToStepSummary(file, '# Audit')).toBe('it would exceed the limit of GitHub, 1 MiB');
    expect(await addToStepSummary(join(folder, 'nowhere', 'x.md'), '')).toContain('ENOENT');
  });
});
