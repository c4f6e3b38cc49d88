import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { bundle, root } from '../../scripts/bundle.ts';
import { savedEvidenceSchema } from '../../src/evidence/saved.ts';
import { bin } from '../support/cli.ts';
import { processesWith, servers, temporaryDirectory, until } from './support.ts';

const project = join(servers, 'ready');

/** `npm test` builds it; this suite may be run alone. */
if (!existsSync(join(root, 'dist', 'main.js'))) await bundle(join(root, 'dist'));

/** A configuration for the server that is ready, but for what its environment says. */
function configuration(directory: string, env: Record<string, string> = {}): string {
  const file = join(directory, 'config.json');
  const config = {
    start: 'node server.mjs',
    endpoint: '/mcp',
    health: '/health',
    env,
    secrets: ['WEATHER_API_KEY', 'MCP_API_KEY'],
    credential: 'MCP_API_KEY',
    tool: { name: 'get_weather', arguments: { city: 'London' } },
    upstream: { 'api.weather.test': { 'GET /v1/current': join(project, 'current.json') } },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

it('audits a server that it launches, as the program is built', async () => {
  const directory = temporaryDirectory();
  const evidence = join(directory, 'evidence.json');
  const words = ['audit', project, '--lab', '--config', configuration(directory), '--format', 'json'];
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [bin, ...words, '--save-evidence', evidence],
    { reject: false, env: { FORCE_COLOR: undefined } },
  );
  expect({ stderr, exitCode }).toEqual({
    stderr: `mcp-prod: --lab runs "node server.mjs" in ${project}`,
    exitCode: 0,
  });
  const report = JSON.parse(stdout);
  expect(report.target).toEqual({ project, lab: 'node server.mjs' });
  expect(report.server).toMatchObject({ name: 'ready' });
  expect(report.rows.find(({ id }: { id: string }) => id === 'restart-policy').criteria).toContainEqual(
    expect.objectContaining({ id: 'fatal-error-exits', verdict: 'pass', proof: 'proven' }),
  );
  const { lab } = savedEvidenceSchema.parse(JSON.parse(readFileSync(evidence, 'utf8'))).evidence;
  expect(lab?.baseline.interposition).toMatchObject({
    hellos: [{ runtime: 'node' }],
    redirected: [{ host: 'api.weather.test' }],
  });
  // What an experiment cannot do is a reason that names the configuration, and never a defect of ours.
  expect(JSON.stringify(lab?.experiments)).not.toContain('The experiment failed');
});

describe('an audit that is ended leaves no process, port or file', () => {
  it.each([
    ['SIGINT', 0],
    ['SIGKILL', 300],
    ['SIGINT', 1_000],
    ['SIGKILL', 2_000],
    ['SIGTERM', 4_000],
    ['SIGKILL', 8_000],
  ] as const)('%s, %i ms after it began', async (signal, afterMs) => {
    const directory = temporaryDirectory();
    const temporary = join(directory, 'tmp');
    mkdirSync(temporary);
    // Its calls never end, so that the lab is not over by itself.
    const config = configuration(directory, { DEFECT: 'no-timeout' });
    const child = spawn(process.execPath, [bin, 'audit', project, '--lab', '--config', config], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(child.stderr, 'data');
    await delay(afterMs);
    expect(child.exitCode).toBeNull();
    const ended = once(child, 'close');
    child.kill(signal);
    const [code] = await ended;
    if (signal === 'SIGKILL') {
      await until(() => !processesWith(temporary) && readdirSync(temporary).length === 0);
    } else {
      expect({ code, said }).toMatchObject({ code: 130, said: expect.stringMatching(/Interrupted\.\n$/) });
      expect(processesWith(temporary)).toBe(false);
      expect(readdirSync(temporary)).toEqual([]);
    }
  });
});

it('an audit with a defect ends with 3 and one line, and leaves no process, port or file', async () => {
  const directory = temporaryDirectory();
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary);
  const config = configuration(directory, { DEFECT: 'no-timeout' });
  const preload = encodeURIComponent(`process.on('SIGUSR2', () => { throw new Error('boom'); });`);
  const child = spawn(process.execPath, [bin, 'audit', project, '--lab', '--config', config], {
    env: { ...process.env, TMPDIR: temporary, NODE_OPTIONS: `--import=data:text/javascript,${preload}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  // Several experiments are under way.
  await until(() => readdirSync(temporary).some((run) => existsSync(join(temporary, run, '3'))));
  const ended = once(child, 'close');
  child.kill('SIGUSR2');
  const [code] = await ended;
  expect({ code, said }).toEqual({
    code: 3,
    said:
      `mcp-prod: --lab runs "node server.mjs" in ${project}\n` +
      'mcp-prod: This is a defect in mcp-prod: boom\n' +
      '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  });
  expect(processesWith(temporary)).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
});
