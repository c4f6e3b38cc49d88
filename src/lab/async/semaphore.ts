/** Limits how many run at a time. Others wait in a queue, first in, first out. */
export interface Semaphore {
  /** Waits for a free slot, or throws the reason of an abort. The result releases the slot, once. */
  acquire: (signal: AbortSignal) => Promise<() => void>;
}

export function createSemaphore(count: number): Semaphore {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    acquire: async (signal) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await queue(waiting, signal);
      let released = false;
      return () => {
        if (!released) release();
        released = true;
      };
    },
  };
}

function queue(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(signal.reason);
    };
    const enter = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    waiting.push(enter);
    signal.addEventListener('abort', leave, { once: true });
  });
}
