import { createStreams as create } from '../../parts/streams.mjs';

/** Resets the connections of event streams in the place of ending them. */
export function createStreams() {
  const streams = create();
  const sockets = new Set();
  return {
    open: (response) => {
      sockets.add(response.socket);
      response.once('close', () => sockets.delete(response.socket));
      streams.open(response);
    },
    endAll: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
