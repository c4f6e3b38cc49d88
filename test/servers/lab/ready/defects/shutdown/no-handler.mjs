/** The system ends the process as it does by default. */
export function createShutdown() {
  return { draining: () => false };
}
