import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertReceipt } from '../../evidence/lab/alerts.ts';
import { withoutControls } from '../../text/printable.ts';
import { readBeginning } from '../async/bounded-read.ts';
import { type Canaries, randomValue } from './canaries.ts';
import { type Clock, startClock } from './clock.ts';

/** Receives alerts like an incident service. Close it in any case. */
export interface AlertReceiver {
  /** For the server under test, on loopback. */
  url: string;
  /** How many requests have arrived. */
  count: () => number;
  /** @param now the clock of the record; earlier receipts get the time 0 */
  record: (now: Clock) => { receipts: AlertReceipt[]; moreReceipts: number };
  close: () => Promise<void>;
}

const maxReceipts = 100;
const maxBodyBytes = 256 * 1024;
const keptCharacters = 1_000;
/** Milliseconds for one request. */
const requestTimeoutMs = 10_000;

/**
 * Answers 200 to any method and any path below that of its URL. The path has a random part, because other processes on the
 * machine can reach the port.
 */
export async function openAlertReceiver(canaries: Canaries): Promise<AlertReceiver> {
  const receipts: AlertReceipt[] = [];
  const sinceOpened = startClock();
  let count = 0;
  const secret = randomValue();
  canaries.conceal(secret);
  const base = `/alerts/${secret}`;
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const atMs = sinceOpened();
    response.on('error', () => {});
    const path = request.url ?? '';
    if (!path.startsWith(base)) return void response.writeHead(404, { connection: 'close' }).end();
    count += 1;
    // If the sender breaks off, what arrived counts.
    readBeginning(request, maxBodyBytes).then(({ bytes }) => {
      const text = bytes.toString('utf8');
      if (receipts.length < maxReceipts) {
        receipts.push({
          atMs,
          method: request.method ?? '',
          path: canaries.beginning(`/alerts${path.slice(base.length)}`, keptCharacters),
          body: withoutControls(canaries.beginning(text, keptCharacters)),
          ...canaries.leaksIn(text),
        });
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"ok":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    count: () => count,
    record: (now) => {
      const begin = sinceOpened() - now();
      const timed = receipts.map((receipt) => ({
        ...receipt,
        atMs: Math.max(0, Math.round(receipt.atMs - begin)),
      }));
      return { receipts: timed, moreReceipts: count - receipts.length };
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
