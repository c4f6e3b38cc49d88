import { createLog as create } from '../../parts/log.mjs';

/** Writes to stdout whatever it is told: over stdio, in between the messages. */
export function createLog() {
  return create(process.stdout);
}
