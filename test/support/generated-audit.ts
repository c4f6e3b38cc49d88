import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import type { Report } from '../../src/report/schema.ts';
import type { OpenWeatherMap } from '../servers/openweathermap.ts';
import { type CliResult, runCli } from './cli.ts';
import { startGenerated } from './generated-server.ts';

/** The text in a file of the project that is replaced, and what replaces it. */
export type Change = readonly [file: string, from: string, to: string];

/**
 * A copy of a generated project with one thing changed, compiled. It goes away with the test.
 *
 * @throws Error when the text that is replaced is not there
 */
export async function mutant(generated: string, [file, from, to]: Change): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'mcp-prod-mutant-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
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

/** Starts a generated project, audits it with its files in the extended profile, and stops it. */
export async function auditGenerated(
  project: string,
  upstream: OpenWeatherMap,
  ...gates: string[]
): Promise<CliResult & { report: Report }> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url });
  try {
    const words = ['audit', server.url, '--token', server.token, '--project', project];
    const result = await runCli([...words, '--profile', 'extended', '--format', 'json', ...gates]);
    return { ...result, report: JSON.parse(result.stdout) };
  } finally {
    await server.stop();
  }
}

/** The verdict of each row. */
export const verdictsOf = ({ rows }: Report) =>
  Object.fromEntries(rows.map(({ id, verdict }) => [id, verdict]));
