/**
 * Cleans up after a lab run, whatever became of the auditor. It makes the directory of the run and tells its path on
 * standard output; then it reads: `+<pid>` is a session that began, `-<pid>` one that is over. When the input ends,
 * because the auditor closed it or died, it kills what is left of the run and removes the directory.
 *
 * Arguments: the run's marker. The process is in a session of its own, so that no Ctrl-C reaches it.
 */
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createInspector } from './inspection/create-inspector.ts';
import { killAll } from './termination.ts';

const marker = process.argv[2] ?? '';
if (marker === '') throw new Error('The watchdog needs the marker of its run.');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const directory = mkdtempSync(join(tmpdir(), 'mcp-prod-lab-'));
try {
  writeSync(1, `${directory}\n`);
} catch {
  // The auditor is gone already; the input has ended, too.
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
