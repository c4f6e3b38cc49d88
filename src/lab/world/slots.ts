/** So many at a time; others wait, and the first to ask is the first to be served. */
export interface Slots {
  /**
   * Resolves when there is room.
   *
   * @returns what gives the slot back; a second call does nothing
   * @throws the reason of an abort
   */
  take: (signal: AbortSignal) => Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const give = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take: async (signal) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await inLine(waiting, signal);
      let given = false;
      return () => {
        if (!given) give();
        given = true;
      };
    },
  };
}

function inLine(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
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
