import { setTimeout as delay } from 'node:timers/promises';
import type { Inspector, ProcessTree } from './inspection/inspector.ts';

/** Milliseconds after which a process that survives SIGKILL is left: it hangs in the kernel. */
const patienceMs = 5_000;

/**
 * Kills every process of the tree, and those that it starts meanwhile.
 *
 * @returns those that survived
 */
export async function killAll(inspector: Inspector, tree: ProcessTree): Promise<number[]> {
  const deadline = performance.now() + patienceMs;
  // A process that was being forked may be missed once, so the tree has to be empty twice.
  let emptyLooks = 0;
  for (;;) {
    const members = await inspector.members(tree);
    emptyLooks = members.length === 0 ? emptyLooks + 1 : 0;
    if (emptyLooks === 2 || performance.now() > deadline) return members;
    for (const pid of members) kill(pid, 'SIGKILL');
    if (members.length > 0) await delay(10);
  }
}

/** @returns false when the process has exited, or belongs to another user */
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
  const either = AbortSignal.any([signal, waiting.signal]);
  await Promise.race([exited, delay(milliseconds, undefined, { signal: either }).catch(() => {})]);
  waiting.abort();
  signal.throwIfAborted();
}
