import { describe, expect, it } from 'vitest';
import { answer, recordWire } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'protocol-revisions';
const rejected = (reason: 'http' | 'timeout') =>
  ({ connected: false, reason, message: 'no common revision' }) as const;

describe('protocol-revisions', () => {
  it('passes when clients of both eras connect', () => {
    const { wire, connect } = recordWire({ clients: [] });
    connect();
    connect({ revision: '2025-11-25' }, { era: 'legacy', client: 'sdk-v1' });
    expect(judgeRow(row, { wire }).verdict).toBe('pass');
  });

  it('fails when the server answers one era and refuses the other', () => {
    const { wire, connect } = recordWire({ clients: [] });
    connect({ revision: '2025-11-25' }, { era: 'legacy' });
    connect({}, { outcome: rejected('http') });
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('quotes the response of an endpoint rather than of another URL', () => {
    const { wire, connect, endpoint } = recordWire({ clients: [] });
    endpoint({ given: answer(200) });
    connect({ revision: '2025-11-25' }, { era: 'legacy' });
    connect({}, { url: 'http://127.0.0.1:3000/sse', outcome: { ...rejected('http'), message: 'HTTP 404' } });
    connect({}, { outcome: { ...rejected('http'), message: 'MCP error -32601' } });
    expect(judgeCriterion(row, 'current-clients', { wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('did not connect to /mcp: MCP error -32601'),
    });
  });

  it('does not count an overload', () => {
    const { wire, connect } = recordWire({ clients: [] });
    connect({ revision: '2025-11-25' }, { era: 'legacy' });
    connect({}, { outcome: { ...rejected('http'), status: 503 } });
    expect(judgeCriterion(row, 'current-clients', { wire }).verdict).toBe('inconclusive');
  });

  it('passes a server that a current client falls back to, without its extra', () => {
    const { wire, connect } = recordWire({ clients: [] });
    connect({ revision: '2025-11-25' }, { era: 'legacy', negotiates: true });
    expect(judgeRow(row, { wire })).toMatchObject({
      verdict: 'partial',
      criteria: [{ verdict: 'pass' }, { verdict: 'pass' }, { verdict: 'fail' }],
    });
    expect(judgeCriterion(row, 'current-revision', { wire }).finding).toBe(
      'The official client (SDK v2, Streamable HTTP) offered 2026-07-28 and fell back to 2025-11-25.',
    );
  });

  it('fails a server that breaks the fallback twice, while it serves older clients', () => {
    const { wire, connect } = recordWire({ clients: [] });
    connect({}, { outcome: rejected('timeout') });
    connect({ revision: '2025-11-25' }, { era: 'legacy', client: 'sdk-v1' });
    expect(judgeCriterion(row, 'current-clients', { wire }).verdict).toBe('inconclusive');
    connect({}, { outcome: rejected('timeout') });
    expect(judgeCriterion(row, 'current-clients', { wire }).verdict).toBe('fail');
  });

  it('judges older evidence by the client that speaks 2026-07-28 only', () => {
    const judge = (outcome?: ReturnType<typeof rejected>) => {
      const { wire, connect } = recordWire({ clients: [] });
      connect({ revision: '2025-11-25' }, { era: 'legacy', client: 'sdk-v1' });
      connect({}, outcome && { outcome });
      for (const client of wire.clients) delete client.negotiates;
      return judgeRow(row, { wire }).criteria.map(({ verdict }) => verdict);
    };
    expect(judge()).toEqual(['pass', 'pass', 'pass']);
    expect(judge(rejected('http'))).toEqual(['pass', 'inconclusive', 'fail']);
  });

  it('does not count a timeout, or a refusal by a server that serves no client', () => {
    const silent = recordWire({ clients: [] });
    silent.connect({ revision: '2025-11-25' }, { era: 'legacy' });
    silent.connect({}, { outcome: rejected('timeout') });
    expect(judgeRow(row, { wire: silent.wire }).criteria[1]?.verdict).toBe('inconclusive');
    const closed = recordWire({ clients: [] });
    closed.connect({}, { outcome: rejected('http') });
    closed.connect({}, { era: 'legacy', outcome: rejected('http') });
    expect(judgeRow(row, { wire: closed.wire }).verdict).toBe('unknown');
  });
});
