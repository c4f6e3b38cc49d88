import { expect, test } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { addressToCountBy, proxySettings } from '../../src/http/trusted-proxies.ts';
import { post, startServer } from '../support/server.ts';

const limit = { RATE_LIMIT: '2', RATE_WINDOW: '60' };
const stranger = (forwarded: string) => ({ authorization: '', 'x-forwarded-for': forwarded });

/** Statuses of three requests of a stranger. A proxy in front adds the last address. */
async function burst(server: Awaited<ReturnType<typeof startServer>>, forwarded: (n: number) => string) {
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await post(server, stranger(forwarded(n)))).status === 429);
  return statuses;
}

test('behind a trusted proxy strangers are limited one by one, and cannot pass for others', async () => {
  const server = await startServer({ ...limit, TRUST_PROXY: '127.0.0.0/8, ::1' });
  expect(await burst(server, () => '203.0.113.1')).toEqual([false, false, true]);
  expect(await burst(server, () => '203.0.113.2')).toEqual([false, false, true]);
  // What the client sent itself comes before what the proxy has added.
  expect(await burst(server, (n) => `198.51.100.${n}, 203.0.113.3`)).toEqual([false, false, true]);
  expect(await burst(server, (n) => `2001:db8:0:1::${n + 1}`)).toEqual([false, false, true]);
});

test("without one, the header is anyone's claim", async () => {
  const server = await startServer({ ...limit, TRUST_PROXY: '10.0.0.1' });
  expect(await burst(server, (n) => `203.0.113.${n}`)).toEqual([false, false, true]);
});

test.each(['true', '*', '1', 'proxy.example', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1 10.0.0.2', '::1/129'])(
  'TRUST_PROXY=%s stops the start',
  (value) => {
    expect(() => readSettings(proxySettings, { TRUST_PROXY: value })).toThrow(/TRUST_PROXY must hold IP/);
  },
);

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s is counted as %s', (address, counted) => {
  expect(addressToCountBy(address)).toBe(counted);
});
