import { pause } from '../../async/pause.ts';
import type { Instance } from '../../world/instance.ts';

/** Milliseconds after the exit of the command, for the processes that it left to exit as well. */
const graceMs = 2_000;
const lookEveryMs = 50;

/** Looks again until no process is left or the time is up. A command that has not exited is not waited for. */
export async function untilNoneLeft<Seen>(
  { server, now }: Instance,
  signal: AbortSignal,
  look: () => Promise<Seen>,
  processesOf: (seen: Seen) => readonly number[],
): Promise<Seen> {
  const until = now() + graceMs;
  let seen = await look();
  while (server.facts().exit !== null && processesOf(seen).length > 0 && now() < until) {
    await pause(lookEveryMs, signal);
    seen = await look();
  }
  return seen;
}
