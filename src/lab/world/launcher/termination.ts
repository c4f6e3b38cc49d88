import { setTimeout as delay } from 'node:timers/promises';
import type { Inspector } from './inspection/inspector.ts';
import type { ProcessTree } from './inspection/process-tree.ts';

/** Milliseconds until a process that SIGKILL does not end is left: it hangs in the system itself. */
const patienceMs = 5_000;

/**
 * Kills every process of the kin, those that appear meanwhile as well.
 *
 * @returns those that are still there
 */
export async function killAll(inspector: Inspector, kin: ProcessTree): Promise<number[]> {
  const deadline = performance.now() + patienceMs;
  // A process that was just being made may be missed once.
  let clean = 0;
  for (;;) {
    const members = await inspector.members(kin);
    clean = members.length === 0 ? clean + 1 : 0;
    if (clean === 2 || performance.now() > deadline) return members;
    for (const pid of members) kill(pid, 'SIGKILL');
    if (members.length > 0) await delay(10);
  }
}

/** @returns false when the process is gone, or is not ours to signal */
export function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * Waits until a launched server has exited, or the time is up.
 *
 * @throws the reason of an abort
 */
export async function waitForExit(
  { exited }: { exited: Promise<unknown> },
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new AbortController();
  const given = AbortSignal.any([signal, waiting.signal]);
  await Promise.race([exited, delay(milliseconds, undefined, { signal: given }).catch(() => {})]);
  waiting.abort();
  signal.throwIfAborted();
}
