const heartbeatMs = 15_000;

/** Event streams that are held open; nothing is told on them but that they live. */
export function createStreams() {
  const streams = new Set();
  return {
    open: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': open\n\n');
      streams.add(response);
      const heartbeat = setInterval(() => response.write(': alive\n\n'), heartbeatMs);
      response.once('close', () => {
        clearInterval(heartbeat);
        streams.delete(response);
      });
    },
    endAll: () => {
      for (const response of streams) response.end();
    },
  };
}
