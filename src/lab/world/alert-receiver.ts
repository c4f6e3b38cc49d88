import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertReceipt } from '../../evidence/lab/alerts.ts';
import { withoutControls } from '../../text/printable.ts';
import { type Canaries, randomValue } from './canaries.ts';
import { type Clock, startClock } from './clock.ts';

/** Takes alerts in the place of whoever is told of failures. Close it in any case. */
export interface AlertReceiver {
  /** For the server under test, on loopback. */
  url: string;
  /** How many requests came by now. */
  count: () => number;
  /** @param now the clock of the record; what came before it was started is of its first moment */
  record: (now: Clock) => { receipts: AlertReceipt[]; moreReceipts: number };
  close: () => Promise<void>;
}

const maxReceipts = 100;
const maxBodyBytes = 256 * 1024;
const keptCharacters = 1_000;
/** Milliseconds for one request: nobody keeps the receiver. */
const requestTimeoutMs = 10_000;

/**
 * Accepts any method and any path below that of its URL, and says that all is well. Part of the path is random: others on the
 * machine can reach the port, and their requests are no alerts. It is open before the server that gets its URL starts.
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
    beginningOf(request).then((text) => {
      const found = canaries.namesIn(text);
      if (receipts.length < maxReceipts) {
        receipts.push({
          atMs,
          method: request.method ?? '',
          path: canaries.beginning(`/alerts${path.slice(base.length)}`, keptCharacters),
          body: withoutControls(canaries.beginning(text, keptCharacters)),
          ...(found.length > 0 && { canaries: found }),
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

/** As much of the body as is read of an endless one; what breaks off is over. */
async function beginningOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) break;
    }
  } catch {
    // The sender left; what came counts.
  }
  return Buffer.concat(chunks).toString('utf8');
}
