const maxClients = 10_000;

/** Counts requests in windows that begin with a client's first one. Returns seconds to wait; 0: go on. */
export function createRateLimit({ rateLimit, rateWindowMs }) {
  const windows = new Map();
  return (client) => {
    const now = Date.now();
    let window = windows.get(client);
    if (window === undefined || now >= window.end) {
      if (windows.size >= maxClients) forgetOver(windows, now);
      window = { end: now + rateWindowMs, count: 0 };
      windows.set(client, window);
    }
    window.count += 1;
    return window.count <= rateLimit ? 0 : Math.ceil((window.end - now) / 1_000);
  };
}

function forgetOver(windows, now) {
  for (const [client, { end }] of windows) if (now >= end) windows.delete(client);
}
