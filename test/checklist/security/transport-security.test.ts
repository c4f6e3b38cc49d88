import { describe, expect, it } from 'vitest';
import type { McpReply } from '../../../src/evidence/wire.ts';
import { answer, recordWire } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const row = 'transport-security';

function judge(
  header: 'origin' | 'host',
  status: number,
  options: { connected?: boolean; loopback?: boolean } = {},
) {
  const { wire, exchange } = recordWire({
    loopback: options.loopback ?? true,
    ...(options.connected === false && { clients: [] }),
  });
  const reply: McpReply = status === 200 ? { kind: 'result' } : { kind: 'other' };
  wire.rebinding.push({
    header,
    value: 'https://stranger.example',
    exchange: exchange(answer(status)),
    reply,
  });
  return judgeCriterion(row, header === 'origin' ? 'foreign-origin-refused' : 'foreign-host-refused', {
    wire,
  }).verdict;
}

describe('transport-security', () => {
  it('passes for 403, fails when a foreign Origin is served, and does not guess about the rest', () => {
    expect(judge('origin', 403)).toBe('pass');
    expect(judge('origin', 200)).toBe('fail');
    expect(judge('origin', 500)).toBe('inconclusive');
    expect(judge('origin', 429)).toBe('inconclusive');
  });

  it('knows the statuses with which a foreign Host is refused', () => {
    expect([403, 400, 421].map((status) => judge('host', status))).toEqual(['pass', 'pass', 'pass']);
    expect(judge('host', 200)).toBe('fail');
    expect(judge('host', 200, { loopback: false })).toBe('not-applicable');
  });

  it('counts an event stream as served', () => {
    const { wire, exchange } = recordWire();
    const stream = exchange(answer(200), { method: 'GET', path: '/sse' });
    wire.rebinding.push({
      header: 'origin',
      value: 'https://x.example',
      exchange: stream,
      reply: { kind: 'stream' },
    });
    expect(judgeCriterion(row, 'foreign-origin-refused', { wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('GET /sse → 200'),
    });
  });

  it('fails when one endpoint of several serves it, and passes an endpoint only where it serves us', () => {
    const both = (sse: number, ours: number) => {
      const { wire, exchange, endpoint } = recordWire();
      endpoint({ given: answer(200) });
      endpoint({ given: answer(ours) }, '/sse');
      for (const [path, status] of [
        ['/mcp', 403],
        ['/sse', sse],
      ] as const) {
        const reply: McpReply = status === 200 ? { kind: 'stream' } : { kind: 'other' };
        const id = exchange(answer(status), { path });
        wire.rebinding.push({ header: 'origin', value: 'https://x.example', exchange: id, reply });
      }
      return judgeCriterion(row, 'foreign-origin-refused', { wire }).verdict;
    };
    expect(both(200, 200)).toBe('fail');
    expect(both(403, 200)).toBe('pass');
    expect(both(403, 403)).toBe('inconclusive');
  });

  it('says why nothing was sent', () => {
    const { wire } = recordWire({ omitted: [{ probe: 'rebinding', reason: 'The server answered 429.' }] });
    expect(judgeCriterion(row, 'foreign-origin-refused', { wire }).reason).toBe(
      'Not sent: The server answered 429.',
    );
  });

  it('takes a 403 for nothing when everybody gets it', () => {
    expect(judge('origin', 403, { connected: false })).toBe('inconclusive');
  });

  it('wants TLS off loopback', () => {
    const tls = (url: string, loopback: boolean) => {
      const { wire, exchange } = recordWire({ url, loopback });
      exchange(answer(200));
      return judgeCriterion(row, 'tls', { wire }).verdict;
    };
    expect(tls('http://127.0.0.1/mcp', true)).toBe('not-applicable');
    expect(tls('http://weather.example/mcp', false)).toBe('fail');
    expect(tls('https://weather.example/mcp', false)).toBe('pass');
  });
});
