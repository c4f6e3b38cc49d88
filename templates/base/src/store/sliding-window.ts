/**
 * How limits count: no client gets more than the limit within any window, wherever the window is laid. A window that begins
 * anew at fixed times would let twice the limit through around its edge. Refused requests do not count.
 *
 * Remembering the time of every request would let memory grow with the limit. Requests that come within a step of one
 * another are remembered as one entry with the time of the last, so an entry may be forgotten a step too late, never too
 * early, and no client needs more than about `stepsPerWindow` of them.
 */
const stepsPerWindow = 30;

/** In ms, like the window. */
export function stepOf(windowMs: number): number {
  return windowMs / stepsPerWindow;
}
