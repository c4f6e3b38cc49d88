import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import type { WireEvidence } from '../../../src/evidence/wire.ts';
import { type Defects, startDualEraServer } from '../../servers/dual-era.ts';
import { judgeCriterion } from '../../support/rows.ts';
import { collect, using } from './support.ts';

const mib = 1024 * 1024;
const judge = (wire: WireEvidence) => {
  const { verdict, finding, reason } = judgeCriterion('input-validation', 'oversized-body', { wire });
  return [verdict, finding || reason];
};
const bodies = ({ malformed }: WireEvidence) =>
  malformed.flatMap(({ body }) =>
    body ? [{ mib: Math.floor(body.bytes / mib), sent: body.sentBytes / body.bytes }] : [],
  );

/** The server may close the connection before the audit reads the response. */
const early = /^A body of 64 MiB: POST \/mcp → (4\d\d in|no response \(connection closed\) in) \d+ ms\. ?/;

test.each<[string, Defects, number[], RegExp]>([
  ['of 1 MiB', {}, [5], /^A body of 5 MiB: POST \/mcp → 413 in \d+ ms\.$/],
  ['of 12 MB', { bodyLimit: 12e6 }, [5, 64], early],
  ['of 12 MB, with 400', { bodyLimit: 12e6, tooLarge: 'bad-request' }, [5, 64], early],
  [
    'of 12 MB, by closing the connection',
    { bodyLimit: 12e6, tooLarge: 'closed' },
    [5, 64],
    /connection closed.* The server answered a later request\.$/,
  ],
])('a limit %s passes', async (_, defects, sizes, finding) => {
  const wire = await collect(await using(startDualEraServer(defects)));
  expect(judge(wire)).toEqual(['pass', expect.stringMatching(finding)]);
  expect(bodies(wire).map((body) => body.mib)).toEqual(sizes);
  expect(bodies(wire).at(-1)?.sent).toBeLessThan(1);
});

test('a server that reads 64 MiB has no limit, and the audit holds none of it', async () => {
  const server = await using(startDualEraServer({ bodyLimit: Infinity }));
  const wire = await collect(server, { timeoutMs: 20_000 });
  expect(judge(wire)).toEqual([
    'fail',
    'The server read a body of 64 MiB (POST /mcp → 200). No limit was found.',
  ]);
  expect(bodies(wire)).toEqual([
    { mib: 5, sent: 1 },
    { mib: 64, sent: 1 },
  ]);
  expect(JSON.stringify(wire).length).toBeLessThan(200_000);
});

test('a server that stops reading is given up, and the rest of the body is never made', async () => {
  const server = await using(startDualEraServer({ bodyLimit: 12e6, tooLarge: 'silence' }));
  const wire = await collect(server, { timeoutMs: 1_500 });
  expect(judge(wire)).toEqual(['inconclusive', expect.stringContaining('no response (timed out)')]);
  expect(bodies(wire).at(-1)?.sent).toBeLessThan(0.5);
});

const outer = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

test.runIf(outer)('off loopback, 5 MiB are sent at most, and a higher limit is unknown', async () => {
  const server = await using(startDualEraServer({ bodyLimit: Infinity, noHostCheck: true }));
  const front = createServer((socket) => {
    const behind = connect(Number(server.url.port), '127.0.0.1');
    for (const end of [socket, behind]) end.on('error', () => {});
    socket.pipe(behind).pipe(socket);
  });
  front.listen(0, outer);
  await once(front, 'listening');
  try {
    const { port } = front.address() as AddressInfo;
    const wire = await collect(server, { url: new URL(`http://${outer}:${port}/mcp`), timeoutMs: 20_000 });
    expect(wire.loopback).toBe(false);
    expect(bodies(wire)).toEqual([{ mib: 5, sent: 1 }]);
    expect(judge(wire)).toEqual([
      'inconclusive',
      'The server read a body of 5 MiB (POST /mcp → 200). Whether it has a higher limit is unknown. Audit an instance on loopback, or add --lab.',
    ]);
  } finally {
    front.close();
  }
});
