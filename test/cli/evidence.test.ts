import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { savedEvidenceSchema } from '../../src/evidence/saved.ts';
import { formatNames, formats } from '../../src/report/formats.ts';
import { startDualEraServer } from '../servers/dual-era.ts';
import { leakedPieces, startLeakingServer } from '../servers/leaking.ts';
import { testToken } from '../servers/listen.ts';
import { runInProcess } from '../support/cli.ts';
import { hostileEvidence, mixedEvidence } from '../support/reports.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-evidence-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const envelope = (evidence: unknown) => ({
  schemaVersion: 1,
  tool: { name: 'mcp-prod', version: '0.0.0' },
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1234,
  evidence,
});

async function save(name: string, document: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(document));
  return file;
}

/** Every object with named keys in a JSON schema. */
function objectsIn(schema: unknown): object[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsIn);
  return 'properties' in schema && 'type' in schema ? [schema, ...inner] : inner;
}

describe('saved evidence', () => {
  it('gives the same report as the audit that saved it, contains no token, and is readable by its owner only', async () => {
    const server = await startDualEraServer();
    const file = join(folder, 'seen.json');
    const project = new URL('../fixtures/projects/full', import.meta.url).pathname;
    const asked = ['--profile', 'extended', '--format', 'json', '--min-score', '1'];
    const live = await runInProcess([
      ...['audit', server.url.href, '--token', testToken, '--project', project, '--no-burst'],
      ...['--save-evidence', file, ...asked],
    ]);
    await server.close();

    const again = await runInProcess(['audit', '--evidence', file, ...asked]);
    expect(again.exitCode).toBe(live.exitCode);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(live.stdout));
    expect(JSON.parse(live.stdout).rows).toHaveLength(21);

    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(testToken);
    expect(text).not.toContain(Buffer.from(testToken).toString('base64').slice(0, -4));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('contains no secret of the server, and neither does a report in any format', async () => {
    const server = await startLeakingServer();
    const file = join(folder, 'leaked.json');
    const tool = ['--tool', 'get_weather', '--tool-args', '{"city":"London"}'];
    const asked = ['--profile', 'extended', '--no-burst'];
    const live = await runInProcess([
      ...['audit', server.url.href, ...tool, ...asked, '--save-evidence', file],
    ]);
    await server.close();
    const reports = await Promise.all(
      formatNames.map((format) => runInProcess(['audit', '--evidence', file, ...asked, '--format', format])),
    );
    expect(reports).toHaveLength(Object.keys(formats).length);

    const texts = [live, ...reports].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    for (const text of [...texts, await readFile(file, 'utf8')]) {
      for (const piece of leakedPieces) expect(text).not.toContain(piece);
    }
    const json = reports[formatNames.indexOf('json')]?.stdout;
    expect(json).toContain('The response contains a private key, a JSON Web Token, an AWS access key id');
    expect(json).toContain('appid=<key>');
  });

  it('is read back unchanged', () => {
    for (const evidence of [mixedEvidence(), hostileEvidence(), { notices: [] }]) {
      const saved = JSON.parse(JSON.stringify(envelope(evidence)));
      expect(savedEvidenceSchema.parse(saved)).toEqual(saved);
    }
  });

  it('of an unreachable server is saved too, and gives the same result', async () => {
    const file = join(folder, 'dead.json');
    const live = await runInProcess(['audit', 'http://127.0.0.1:9/mcp', '--save-evidence', file]);
    expect(live.exitCode).toBe(3);
    expect(await runInProcess(['audit', '--evidence', file])).toEqual(live);
  });
});

describe('evidence from a stranger', () => {
  const server = { wire: { ...mixedEvidence().wire } };
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  it.each([
    ['an exchange that is not there', { ...server, wire: { ...server.wire, exchanges: [] } }],
    ['a status in words', { wire: { ...server.wire, loopback: 'yes' } }],
    ['an unknown key', { ...mixedEvidence(), verdict: 'pass' }],
    ['no evidence', null],
    ['a URL that is none', { ...mixedEvidence(), wire: { ...server.wire, url: 'javascript:' } }],
  ])('%s is a usage error with a hint', async (_what, evidence) => {
    const file = await save(
      'other.json',
      envelope({ notices: [], ...evidence, ...(evidence === null && { notices: 1 }) }),
    );
    const { exitCode, stdout, stderr } = await runInProcess(['audit', '--evidence', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^mcp-prod: .+\n {2}.*[Ss]ave it again.*\n$/);
  });

  it.each([
    ['nested without end', deep],
    ['cut off', '{"schemaVersion":1,"ev'],
  ])('%s is a usage error', async (_what, text) => {
    const file = join(folder, 'broken.json');
    await writeFile(file, text);
    const { exitCode, stderr } = await runInProcess(['audit', '--evidence', file]);
    expect(exitCode).toBe(2);
    expect(stderr.split('\n').length).toBeLessThan(4);
  });

  it('must not contain unknown keys', () => {
    const objects = objectsIn(z.toJSONSchema(savedEvidenceSchema, { io: 'input' }));
    expect(objects.length).toBeGreaterThan(100);
    expect(
      objects.filter((one) => !('additionalProperties' in one) || one.additionalProperties !== false),
    ).toEqual([]);
  });

  it('cannot act on a terminal or a pipeline', async () => {
    const file = await save('hostile.json', envelope(hostileEvidence()));
    const { stdout, stderr } = await runInProcess(['audit', '--evidence', file], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).not.toMatch(/^\s*::/m);
  });
});
