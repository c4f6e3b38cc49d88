import { describe, expect, it } from 'vitest';
import type { McpReply, WireEvidence } from '../../../src/evidence/wire.ts';
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
      'The audit skipped this request. The server answered 429.',
    );
  });

  it('does not count a 403 that every request gets', () => {
    expect(judge('origin', 403, { connected: false })).toBe('inconclusive');
  });

  describe('TLS off loopback', () => {
    const facts = {
      protocol: 'TLSv1.3',
      authorized: true,
      problem: null,
      validTo: '2027-02-03T04:05:06.000Z',
    };
    const judgeTls = (url: string, loopback: boolean, differs: Partial<WireEvidence> = {}) => {
      const { wire, exchange } = recordWire({ url, loopback, ...differs });
      exchange(answer(200));
      return judgeCriterion(row, 'tls', { wire });
    };

    it('does not apply on loopback', () => {
      expect(judgeTls('http://127.0.0.1/mcp', true).verdict).toBe('not-applicable');
    });

    it('fails for plain HTTP, in a private network as well', () => {
      expect(judgeTls('http://weather.example/mcp', false).verdict).toBe('fail');
      expect(judgeTls('http://10.0.0.7:3000/mcp', false)).toMatchObject({
        verdict: 'fail',
        finding: expect.stringContaining('audit its https:// URL'),
        sources: [{ id: 'x1' }],
      });
    });

    it('passes for a trusted certificate, and says how long it holds', () => {
      expect(judgeTls('https://weather.example/mcp', false, { tls: facts })).toMatchObject({
        verdict: 'pass',
        finding:
          'weather.example answered over TLSv1.3. Its certificate is trusted here and valid until 2027-02-03.',
      });
    });

    it('claims nothing about an unknown certificate', () => {
      expect(judgeTls('https://weather.example/mcp', false).verdict).toBe('inconclusive');
      const { wire } = recordWire({ url: 'https://weather.example/mcp', loopback: false });
      expect(judgeCriterion(row, 'tls', { wire }).verdict).toBe('inconclusive');
    });
  });
});
