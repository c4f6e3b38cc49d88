import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { processesWith, temporaryDirectory, until } from './support.ts';

const auditor = fileURLToPath(new URL('../servers/lab/auditor.ts', import.meta.url));

describe('an auditor that is killed leaves no process, port or file', () => {
  it.each([
    ['begun', 0],
    ['guarded', 0],
    ['launching', 60],
    ['listening', 0],
    ['stopping', 0],
  ])('%s, %i ms later', async (moment, afterMs) => {
    const directory = temporaryDirectory();
    const token = randomUUID();
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', auditor, `node plain.mjs ${token} ${directory}`],
      {
        env: { ...process.env, TMPDIR: directory, TSX_DISABLE_CACHE: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let port: number | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const [name, detail] = line.split(' ');
      if (detail !== undefined) port = Number(detail);
      if (name === moment) break;
    }
    await delay(afterMs);
    child.kill('SIGKILL');
    await until(() => !processesWith(token, directory) && readdirSync(directory).length === 0);
    if (port !== undefined) expect(await accepts(port)).toBe(false);
  });
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
}
