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
