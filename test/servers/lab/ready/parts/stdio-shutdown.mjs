const boundMs = 5_000;

/** At the end of input, on SIGTERM and SIGINT: calls in flight are ended, and the process is over. */
export function createShutdown({ log }) {
  const calls = new Set();
  let draining = false;
  const drain = async (reason) => {
    if (draining) return;
    draining = true;
    log.info('Draining', { reason });
    setTimeout(() => process.exit(0), boundMs);
    await Promise.allSettled(calls);
    log.info('Stopped');
    process.stdout.write('', () => process.exit(0));
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return {
    drain,
    /** Nothing that comes while it drains is begun. */
    track: (begin) => {
      if (draining) return;
      const call = begin();
      calls.add(call);
      call.finally(() => calls.delete(call));
    },
  };
}
