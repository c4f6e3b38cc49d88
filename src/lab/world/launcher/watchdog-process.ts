/**
 * Cleans up after one lab, however the auditor ends. It creates the lab's directory and prints its path. Then it reads sessions
 * from standard input: `+<pid>` has begun, `-<pid>` has ended. When the input ends, it kills what is left and removes the
 * directory.
 *
 * Argument: the marker of the lab. The process has a session of its own, so that Ctrl-C does not reach it.
 */
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createInspector } from './inspection/create-inspector.ts';
import { killAll } from './termination.ts';

const marker = process.argv[2] ?? '';
if (marker === '') throw new Error('The watchdog needs the marker of its lab.');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const directory = mkdtempSync(join(tmpdir(), 'mcp-prod-lab-'));
try {
  writeSync(1, `${directory}\n`);
} catch {
  // The auditor has exited, so the input has ended too.
}

const sessions = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (!Number.isSafeInteger(pid) || pid < 2) continue;
  if (line.startsWith('+')) sessions.add(pid);
  else sessions.delete(pid);
}
await killAll(createInspector(), { marker, sessions: [...sessions] });
rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
