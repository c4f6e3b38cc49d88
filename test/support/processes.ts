import { readFileSync } from 'node:fs';

/** Whether a process runs. A dead one that nobody has reaped yet, which Linux still lists (proc(5)), does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Reaped in between, or a system without /proc.
    return process.platform !== 'linux';
  }
}
