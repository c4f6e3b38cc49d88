import { connect } from 'node:net';
import type { Instance } from '../world/instance.ts';

export interface IdleConnection {
  /** What is known so far. */
  record: () => { openedMs: number; closedMs: number | null };
  leave: () => void;
}

/** Milliseconds for the response, after which the connection is idle. */
const answerMs = 5_000;

/**
 * Sends one request and keeps the connection open and idle, as load balancers do.
 *
 * @returns null when the server does not listen, or sends no response, or closes the connection at once
 */
export async function holdIdleConnection(
  { server, now }: Instance,
  path: string,
): Promise<IdleConnection | null> {
  if (server.origin === null) return null;
  const { hostname, port, host } = server.origin;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  let closedMs: number | null = null;
  let left = false;
  const leave = () => {
    left = true;
    socket.destroy();
  };
  socket.on('error', () => {});
  socket.on('close', () => {
    if (!left) closedMs = Math.round(now());
  });
  socket.on('end', () => {
    closedMs ??= Math.round(now());
  });
  return new Promise((resolve) => {
    const alarm = setTimeout(() => settle(false), answerMs);
    const settle = (answered: boolean) => {
      clearTimeout(alarm);
      if (!answered) leave();
      const openedMs = Math.round(now());
      resolve(answered ? { record: () => ({ openedMs, closedMs }), leave } : null);
    };
    socket.once('close', () => settle(false));
    // The rest of the response is discarded.
    socket.on('data', () => settle(true));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n\r\n`);
  });
}
