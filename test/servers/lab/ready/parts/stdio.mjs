import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

/** A message a line, on stdin and stdout. The end of the input ends the server, as a signal does. */
export function serve({ answer, shutdown, log }) {
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    if (line.trim() !== '') shutdown.track(() => respond(line));
  });
  // A reader that went away can be told nothing more.
  process.stdout.on('error', () => process.exit(0));
  lines.on('close', () => shutdown.drain('end of input'));
  log.info('Reading from stdin');

  const respond = async (line) => {
    const message = parsed(line);
    const error = { code: -32700, message: 'Parse error' };
    const reply =
      message === undefined ? { jsonrpc: '2.0', id: null, error } : await answer(message, randomUUID());
    if (reply !== undefined) process.stdout.write(`${JSON.stringify(reply)}\n`);
  };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
