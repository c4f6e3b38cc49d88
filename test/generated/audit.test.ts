import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/schema.ts';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type CliResult, runCli } from '../support/cli.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';

let folder: string;
let generated: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-mutants-'));
  generated = await sharedProject();
  upstream = await startOpenWeatherMap();
});
afterAll(async () => {
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The generated project with one thing changed, compiled. The text that is replaced has to be there. */
async function mutant(name: string, file: string, from: string, to: string): Promise<string> {
  const project = join(folder, name);
  await cp(generated, project, {
    recursive: true,
    filter: (source) =>
      !source.startsWith(join(generated, 'node_modules')) && !source.startsWith(join(generated, '.git/')),
  });
  await symlink(join(generated, 'node_modules'), join(project, 'node_modules'));
  const text = await readFile(join(project, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(project, file), text.replace(from, to));
  if (file.endsWith('.ts')) await execa('npm', ['run', '--silent', 'build'], { cwd: project });
  return project;
}

/** Starts a project, audits it with its files, and stops it. */
async function audit(project: string, ...gates: string[]): Promise<CliResult & { report: Report }> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url });
  try {
    const words = [
      'audit',
      server.url,
      '--token',
      server.token,
      '--project',
      project,
      '--format',
      'json',
      ...gates,
    ];
    const result = await runCli(words);
    return { ...result, report: JSON.parse(result.stdout) };
  } finally {
    await server.stop();
  }
}

const verdicts = ({ rows }: Report) => Object.fromEntries(rows.map(({ id, verdict }) => [id, verdict]));

describe('the audit of a generated server', () => {
  it('passes every row that files and the wire can judge', async () => {
    const { exitCode, report, stderr } = await audit(generated, '--profile', 'extended', '--min-score', '80');
    expect(exitCode, stderr).toBe(0);
    expect(report.score).toBe(100);
    const assessed = report.rows.filter(({ verdict }) => verdict !== 'unknown');
    expect(assessed.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
      'non-root-user: pass',
      'secrets-in-environment: pass',
      'endpoint-authentication: pass',
      'health-endpoint: pass',
      'structured-logging: pass',
      'restart-policy: pass',
      'rate-limiting: pass',
      'transport-security: pass',
      'input-validation: pass',
      'image-hygiene: pass',
      'protocol-revisions: pass',
      'resource-limits: pass',
      'connection-limits: pass',
      'metrics: pass',
    ]);
    expect(report.server).toMatchObject({ era: 'dual', transports: ['streamable-http'] });
    expect(report.notices).toEqual([]);
  });

  it.each([
    {
      what: 'without authentication',
      row: 'endpoint-authentication',
      change: ['src/http/auth.ts', 'if (request.client?.authenticated) return', 'if (request.url) return'],
    },
    {
      what: 'without /health',
      row: 'health-endpoint',
      change: ['src/http/health.ts', "app.get('/health',", "app.get('/moved',"],
    },
    { what: 'as root', row: 'non-root-user', change: ['Dockerfile', '\nUSER node\n', '\n'] },
    {
      what: 'without restart policy',
      row: 'restart-policy',
      change: ['compose.yaml', 'restart: unless-stopped', 'restart: "no"'],
    },
    {
      what: 'with a key in the image',
      row: 'secrets-in-environment',
      change: [
        'Dockerfile',
        'ENV NODE_ENV=production',
        'ENV OPENWEATHER_API_KEY=9f86d081884c7d659a2feaa0c55ad015 NODE_ENV=production',
      ],
    },
    {
      what: 'that counts an array as one request',
      row: 'rate-limiting',
      change: ['src/http/guards.ts', '    rateLimit.countMessages,\n', ''],
    },
    {
      what: 'without Origin check',
      row: 'transport-security',
      change: [
        'src/http/host-and-origin.ts',
        'if (origin === undefined) return undefined;',
        'if (origin) return undefined;\n    if (origin === undefined) return undefined;',
      ],
    },
  ] as const)('fails the one row at stake, and no other: $what', async ({ row, change }) => {
    const good = await audit(generated, '--profile', 'extended');
    const [file, from, to] = change;
    const bad = await audit(await mutant(row, file, from, to), '--profile', 'extended', '--require', row);
    expect(verdicts(bad.report)).toEqual({ ...verdicts(good.report), [row]: 'fail' });
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain(`${row} is required and its verdict is fail.`);
  });
});
