import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseEntry } from '../../src/http/api-keys.ts';
import { KeyRing } from '../../src/http/key-ring.ts';
import type { Logger } from '../../src/logging/logger.ts';
import { authorization, post, startServer } from '../support/server.ts';

const oldKey = 'the-old-key-of-ann';
const newKey = 'the-new-key-of-ann';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function file(contents: string): Promise<string> {
  const path = join(await folder(), 'keys');
  await writeFile(path, contents);
  return path;
}

function recorder() {
  const lines: Array<{ level: string; text: string }> = [];
  const write = (level: string) => (first: unknown, second?: unknown) =>
    void lines.push({ level, text: JSON.stringify([first, second]) });
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  return { lines, log: log as Logger };
}

/** A ring that looks at its file often, and never by signal. */
async function openRing(path: string) {
  const { lines, log } = recorder();
  const ring = new KeyRing({
    fixed: [parseEntry('fix:the-key-that-stays')],
    file: path,
    log,
    lookEveryMs: 20,
  });
  await ring.open();
  onTestFinished(() => ring.close());
  return { ring, lines };
}

test('keys of the file and of the environment are valid together', async () => {
  const path = await file(`\uFEFF# who may call\r\n\r\nann:${oldKey}\r\n  a-key-without-a-name\n`);
  const server = await startServer({ MCP_API_KEYS_FILE: path, MCP_API_KEY: 'env:the-key-from-the-env' });
  for (const key of [oldKey, 'a-key-without-a-name', 'the-key-from-the-env'])
    expect((await post(server, authorization(key))).status).toBe(200);
  expect((await post(server, authorization('#'))).status).toBe(401);
});

test('the file alone will do', async () => {
  const server = await startServer({ MCP_API_KEYS_FILE: await file(oldKey), MCP_API_KEY: '' });
  expect((await post(server, authorization(oldKey))).status).toBe(200);
});

test.each([
  ['# nothing but a comment\n', /MCP_API_KEYS_FILE names a file that holds no key/],
  ['good-key-here\nann:secret key\n', /MCP_API_KEYS_FILE line 2 holds a key with spaces/],
  ['one-key,another-key\n', /MCP_API_KEYS_FILE line 1 holds a key with a comma/],
  ['other:the-key-from-the-env\n', /MCP_API_KEYS_FILE holds one key for two clients, env and other/],
])('a broken file stops the start: %j', async (contents, problem) => {
  const env = { MCP_API_KEYS_FILE: await file(contents), MCP_API_KEY: 'env:the-key-from-the-env' };
  await expect(startServer(env)).rejects.toThrow(problem);
  await expect(startServer(env)).rejects.not.toThrow(/secret|good-key|from-the-env/);
});

test('a missing file stops the start', async () => {
  await expect(startServer({ MCP_API_KEYS_FILE: '/nowhere/keys' })).rejects.toThrow(
    'Configuration error: MCP_API_KEYS_FILE names a file that cannot be read (ENOENT)',
  );
});

test('SIGHUP exchanges the keys of a server that goes on serving', async () => {
  const path = await file(`ann:${oldKey}\n`);
  const server = await startServer({ MCP_API_KEYS_FILE: path });
  const exchanged = () => server.lines.filter((line) => line.message === 'API keys exchanged');
  await writeFile(path, `ann:${oldKey}\nann:${newKey}\n`);
  process.emit('SIGHUP', 'SIGHUP');
  await vi.waitUntil(() => exchanged().length === 1);
  for (const key of [oldKey, newKey]) expect((await post(server, authorization(key))).status).toBe(200);
  await writeFile(path, `ann:${newKey}\n`);
  process.emit('SIGHUP', 'SIGHUP');
  await vi.waitUntil(() => exchanged().length === 2);
  expect((await post(server, authorization(oldKey))).status).toBe(401);
  expect((await post(server, authorization(newKey))).status).toBe(200);
  expect(exchanged()).toMatchObject([
    { added: 1, removed: 0 },
    { added: 0, removed: 1 },
  ]);
});

test.each(['missing', 'empty', 'broken'])('when the new version is %s the old keys stay', async (how) => {
  const path = await file(`ann:${oldKey}\n`);
  const { ring, lines } = await openRing(path);
  if (how === 'missing') await rm(path);
  else await writeFile(path, how === 'empty' ? '' : 'ann:a secret with spaces\n');
  await vi.waitUntil(() => lines.some(({ level }) => level === 'error'));
  expect(ring.clientOf(oldKey)).toBe('ann');
  expect(ring.clientOf('the-key-that-stays')).toBe('fix');
  expect(JSON.stringify(lines)).toMatch(/MCP_API_KEYS_FILE/);
  expect(JSON.stringify(lines)).not.toMatch(/secret/);

  await writeFile(path, `ann:${newKey}\n`);
  await vi.waitUntil(() => ring.clientOf(newKey) === 'ann');
  expect(ring.clientOf(oldKey)).toBeUndefined();
});

test('a file behind a symbolic link may be replaced, as orchestrators do', async () => {
  const root = await folder();
  for (const [version, key] of [
    ['v1', oldKey],
    ['v2', newKey],
  ] as const) {
    await mkdir(join(root, version));
    await writeFile(join(root, version, 'keys'), `ann:${key}\n`);
  }
  await symlink('v1', join(root, '..data'));
  await symlink('..data/keys', join(root, 'keys'));
  const { ring } = await openRing(join(root, 'keys'));
  expect(ring.clientOf(oldKey)).toBe('ann');
  await symlink('v2', join(root, '..data_next'));
  await rename(join(root, '..data_next'), join(root, '..data'));
  await vi.waitUntil(() => ring.clientOf(newKey) === 'ann');
  expect(ring.clientOf(oldKey)).toBeUndefined();
});

test('a closed server lets go of the file and of the signal', async () => {
  const before = process.listenerCount('SIGHUP');
  const server = await startServer({ MCP_API_KEYS_FILE: await file(oldKey) });
  expect(process.listenerCount('SIGHUP')).toBe(before + 1);
  await server.app.close();
  expect(process.listenerCount('SIGHUP')).toBe(before);
});
