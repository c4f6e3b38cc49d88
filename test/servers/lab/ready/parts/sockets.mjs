/**
 * Knows which connections have a request in flight. `closeIdleConnections` of Node leaves those open that have not sent
 * anything yet.
 */
export function trackSockets(server) {
  const inFlight = new Map();
  let ending = false;
  server.on('connection', (socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    inFlight.set(socket, inFlight.get(socket) + 1);
    response.once('close', () => {
      if (!inFlight.has(socket)) return;
      inFlight.set(socket, inFlight.get(socket) - 1);
      if (ending && inFlight.get(socket) === 0) socket.destroySoon();
    });
  });
  return {
    count: () => [...inFlight.values()].reduce((sum, count) => sum + count, 0),
    endIdle: () => {
      ending = true;
      for (const [socket, count] of inFlight) if (count === 0) socket.destroySoon();
    },
  };
}
