import { describe, expect, it } from 'vitest';
import { alertReceipt } from '../../../src/evidence/lab/alerts.ts';
import { openAlertReceiver } from '../../../src/lab/world/alert-receiver.ts';
import { createCanaries } from '../../../src/lab/world/canaries.ts';
import { startClock } from '../../../src/lab/world/clock.ts';
import { afterwards, until } from '../support.ts';

const canaries = createCanaries(['API_KEY']);
const key = canaries.values.API_KEY ?? '';

async function receiver() {
  const opened = await openAlertReceiver(canaries);
  afterwards(opened.close);
  return opened;
}

describe('the receiver of alerts', () => {
  it('takes anything, and tells what came, masked', async () => {
    const { url, record, count } = await receiver();
    const body = JSON.stringify({ text: `https://api.test/?key=${key} failed` });
    const answers = await Promise.all([
      fetch(url, { method: 'POST', body }),
      fetch(`${url}/of/the/team?key=${key}`, { method: 'PUT', headers: { authorization: key } }),
    ]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([{ ok: true }, { ok: true }]);
    expect(count()).toBe(2);
    const { receipts, moreReceipts } = record(startClock());
    expect(moreReceipts).toBe(0);
    expect(receipts.map((receipt) => alertReceipt.parse(receipt))).toEqual(receipts);
    expect(JSON.stringify(receipts)).not.toContain(key);
    const posted = receipts.find(({ method }) => method === 'POST');
    expect(posted).toMatchObject({
      atMs: 0,
      path: '/alerts',
      body: '{"text":"https://api.test/?key=<canary API_KEY> failed"}',
      canaries: ['API_KEY'],
    });
    const put = receipts.find(({ method }) => method === 'PUT');
    expect(put?.path).toBe('/alerts/of/the/team?key=<canary API_KEY>');
    expect(put).not.toHaveProperty('canaries');
  });

  it('counts nothing of those who do not know its URL', async () => {
    const { url, record, count } = await receiver();
    const { origin } = new URL(url);
    for (const path of ['/', '/alerts', `/alerts/${'x'.repeat(40)}`]) {
      expect((await fetch(origin + path, { method: 'POST', body: 'forged' })).status).toBe(404);
    }
    expect(count()).toBe(0);
    expect(record(startClock())).toEqual({ receipts: [], moreReceipts: 0 });
    expect(canaries.mask(url)).toMatch(/\/alerts\/<lab credential>$/);
  });

  it('reads no more of a body than it needs', async () => {
    const { url, record } = await receiver();
    await fetch(url, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) }).catch(() => {});
    await until(() => record(startClock()).receipts.length === 1);
    expect(record(startClock()).receipts[0]?.body).toBe('x'.repeat(1_000));
  });

  it('keeps no more than a hundred, and counts all', async () => {
    const { url, record, count } = await receiver();
    for (let sent = 1; sent <= 102; sent += 1) await fetch(url, { method: 'POST', body: `${sent}` });
    const { receipts, moreReceipts } = record(startClock());
    expect({ kept: receipts.length, moreReceipts, count: count() }).toEqual({
      kept: 100,
      moreReceipts: 2,
      count: 102,
    });
  });
});
