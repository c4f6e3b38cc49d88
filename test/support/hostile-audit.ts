import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestServer } from '../servers/listen.ts';
import { runCli } from './cli.ts';

/** What an audit took of the machine. */
export interface Figures {
  server: string;
  seconds: number;
  megabytes: number;
  exitCode: number | undefined;
}

/**
 * Has a process write down the most memory that it ever had, in bytes. `maxRSS` would also count the process that it was
 * forked from, which here holds the server.
 */
const witness = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeFileSync } from 'node:fs';
  process.on('exit', () => {
    const [, kibibytes] = /^VmHWM:\\s*(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    writeFileSync(process.env.MEMORY_FILE, String(kibibytes * 1024));
  });
`)}`;

/** Audits a server as a user does, and checks what holds whatever it does. */
export async function auditHostile(
  start: () => Promise<TestServer>,
  args: readonly string[] = ['--timeout', '500'],
) {
  const scratch = await mkdtemp(join(tmpdir(), 'mcp-prod-hostile-'));
  const server = await start();
  try {
    const memoryFile = join(scratch, 'memory');
    const words = ['audit', server.url.href, '--token', server.token, '--profile', 'extended'];
    const startedAt = performance.now();
    const result = await runCli([...words, '--format', 'json', ...args], {
      env: { NODE_OPTIONS: `--import=${witness}`, MEMORY_FILE: memoryFile },
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const megabytes = Math.round(Number(await readFile(memoryFile, 'utf8')) / 1024 ** 2);
    expect(result.stderr).not.toMatch(/\n\s+at |Error:/);
    expect(megabytes).toBeLessThan(200);
    expect(result.stdout + result.stderr).not.toContain(server.token);
    return { ...result, seconds, megabytes, report: JSON.parse(result.stdout) };
  } finally {
    await server.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
