import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bin } from '../support/cli.ts';
import { isRunning } from '../support/processes.ts';

// Tests that need a real process: signals, streams, and leftovers.

/** On a busy machine, a program takes seconds to start. */
const patiently = { timeout: 30_000 };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-process-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** `init` in `root`, after it has started a fake npm that never ends. */
async function initWhileInstalling(onTerm: string) {
  const tools = await mkdtemp(join(tmpdir(), 'mcp-prod-npm-'));
  const script = `trap '${onTerm}' TERM; echo $$ > ${tools}/pid; while :; do sleep 0.1; done`;
  await writeFile(join(tools, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(join(tools, 'npm'), 0o755);
  const running = execa(process.execPath, [bin, 'init', 'a/weather'], {
    cwd: root,
    env: { PATH: `${tools}${delimiter}${process.env.PATH}` },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
  const file = (name: string) => readFile(join(tools, name), 'utf8').catch(() => '');
  const npm = Number(await vi.waitUntil(async () => (await file('pid')).trim(), patiently));
  return { running, npm, file, tools, end: () => rm(tools, { recursive: true, force: true }) };
}

describe('an interrupted installation leaves neither files nor processes', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', async (signal) => {
    const { running, npm, end } = await initWhileInstalling('exit 1');
    running.kill(signal);
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 130,
      stderr: 'mcp-prod: Interrupted. No files were left behind.\n',
    });
    expect(await readdir(root)).toEqual([]);
    expect(isRunning(npm)).toBe(false);
    await end();
  });

  test('a second interrupt ends it at once', async () => {
    const { running, npm, file, tools, end } = await initWhileInstalling('echo deaf > $(dirname $0)/heard');
    running.kill('SIGINT');
    await vi.waitUntil(async () => (await file('heard')) !== '', patiently);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '\nmcp-prod: Interrupted.\n' });
    expect(await readdir(root)).toEqual([]);
    await vi.waitUntil(() => !isRunning(npm), patiently);
    expect(await readdir(tools)).toContain('heard');
    await end();
  });
});

describe('output that cannot be written', () => {
  test.each(['--help', 'audit . --format json'])(
    'is reported in one line and exits with 3: %s',
    async (args) => {
      await writeFile(join(root, 'Dockerfile'), 'FROM scratch\nUSER 1000\n');
      const command = execa('sh', ['-c', `"$0" "$1" ${args} > /dev/full`, process.execPath, bin], {
        cwd: root,
        reject: false,
      });
      const { exitCode, stderr } = await command;
      expect({ exitCode, stderr }).toEqual({
        exitCode: 3,
        stderr: expect.stringMatching(/^mcp-prod: The output could not be written: ENOSPC[^\n]*$/),
      });
    },
  );

  test('on stderr does not change the exit code', async () => {
    const running = execa('sh', ['-c', '"$0" "$1" audit --nope 2> /dev/full', process.execPath, bin], {
      reject: false,
    });
    expect((await running).exitCode).toBe(2);
  });
});

test('a working directory that was removed is a usage error', async () => {
  const script = 'cd "$2" && rmdir "$2" && "$0" "$1" init x';
  const running = execa('sh', ['-c', script, process.execPath, bin, root], { reject: false });
  const { exitCode, stderr } = await running;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'mcp-prod: The working directory no longer exists.\n  Change to another directory.',
  });
});
