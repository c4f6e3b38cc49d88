import { describe, expect, it } from 'vitest';
import { leakIn } from '../../../src/checklist/reading/leaks.ts';
import type { MalformedProbe, McpReply } from '../../../src/evidence/wire.ts';
import { answer, failure, recordWire } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const row = 'input-validation';
const other: McpReply = { kind: 'other' };
const rpc = (code: number): McpReply => ({ kind: 'error', code, message: 'no' });

function judge(
  kind: MalformedProbe['kind'],
  outcome: ReturnType<typeof answer> | ReturnType<typeof failure>,
  reply: McpReply = other,
  criterion: string = kind,
) {
  const { wire, exchange } = recordWire();
  wire.malformed.push({ kind, exchange: exchange(outcome, { purpose: kind }), reply });
  return judgeCriterion(row, criterion, { wire }).verdict;
}

describe('input-validation', () => {
  it.each([
    ['malformed JSON, 400', 'broken-json', answer(400), rpc(-32700), 'malformed-json', 'pass'],
    ['malformed JSON, 500', 'broken-json', answer(500), other, 'malformed-json', 'fail'],
    ['malformed JSON, served', 'broken-json', answer(200), other, 'malformed-json', 'fail'],
    [
      'malformed JSON, no answer',
      'broken-json',
      failure('timeout'),
      { kind: 'none' },
      'malformed-json',
      'inconclusive',
    ],
    [
      'malformed JSON, turned away at the door',
      'broken-json',
      answer(401),
      other,
      'malformed-json',
      'inconclusive',
    ],
    ['malformed JSON, overload', 'broken-json', answer(503), other, 'malformed-json', 'inconclusive'],
    ['unknown method, gateway', 'unknown-method', answer(502), other, 'unknown-method', 'inconclusive'],
    ['unknown method, named', 'unknown-method', answer(404), rpc(-32601), 'unknown-method', 'pass'],
    ['unknown method, internal error', 'unknown-method', answer(500), rpc(-32603), 'unknown-method', 'fail'],
    ['unknown method, plain page', 'unknown-method', answer(404), other, 'unknown-method', 'fail'],
    [
      'unsupported version, 400',
      'unsupported-version',
      answer(400),
      rpc(-32022),
      'unsupported-version',
      'pass',
    ],
    [
      'unsupported version, served',
      'unsupported-version',
      answer(200),
      { kind: 'result' },
      'unsupported-version',
      'fail',
    ],
    ['large body, 413', 'oversized-body', answer(413), other, 'oversized-body', 'pass'],
    ['large body, served', 'oversized-body', answer(200), { kind: 'result' }, 'oversized-body', 'fail'],
  ] as const)('%s', (_, kind, outcome, reply, criterion, verdict) => {
    expect(judge(kind, outcome, reply, criterion)).toBe(verdict);
  });

  it('fails for a stack trace in an error, and says no more than it read', () => {
    const trace =
      'SyntaxError: Unexpected token\\n    at JSON.parse (<anonymous>)\\n    at parse (/app/node_modules/body-parser/lib/types/json.js:92:19)';
    expect(judge('broken-json', answer(400, trace), other, 'leaks-nothing')).toBe('fail');
    expect(judge('broken-json', answer(400, '{"error":{"code":-32700}}'), other, 'leaks-nothing')).toBe(
      'pass',
    );
    expect(judge('broken-json', failure('reset'), other, 'leaks-nothing')).toBe('inconclusive');
  });

  it('takes a connection that was closed over a large body for a refusal, if the server lives', () => {
    const closed = (after?: ReturnType<typeof answer> | ReturnType<typeof failure>) => {
      const { wire, exchange } = recordWire();
      exchange(answer(200));
      const id = exchange(failure('reset'), { purpose: 'a body of 5 MiB' });
      wire.malformed.push({ kind: 'oversized-body', exchange: id, reply: { kind: 'none' } });
      if (after) exchange(after);
      return judgeCriterion(row, 'oversized-body', { wire }).verdict;
    };
    expect(closed(answer(404))).toBe('pass');
    expect(closed(failure('refused'))).toBe('inconclusive');
    expect(closed()).toBe('inconclusive');
  });

  it('says where such requests are sent', () => {
    expect(judgeCriterion(row, 'malformed-json', { wire: recordWire().wire }).reason).toMatch(
      /to a Streamable HTTP endpoint only/,
    );
  });

  it('says what was not sent, and why', () => {
    const { wire } = recordWire();
    wire.omitted.push({ probe: 'oversized-body', reason: 'the server asked to slow down' });
    expect(judgeCriterion(row, 'oversized-body', { wire }).reason).toBe(
      'Not sent: the server asked to slow down',
    );
  });
});

describe('leaks', () => {
  it.each([
    ['{"stack":"Error: x\\n    at handle (file:///srv/app/dist/index.js:10:5)"}', 'a JavaScript stack trace'],
    ['Traceback (most recent call last):\n  File "/app/server.py", line 3', 'a Python traceback'],
    ['at com.example.Main.run(Main.java:12)', 'a Java stack trace'],
    ['goroutine 1 [running]:', 'a Go stack trace'],
    ['ENOENT: open "/home/alice/weather/data.json"', 'an absolute path'],
    ['{"error":"C:\\\\Users\\\\alice\\\\weather\\\\x.js"}', 'an absolute path'],
  ])('%s', (text, what) => {
    expect(leakIn(text)).toBe(what);
  });

  it('does not take the path that was asked for as one of the machine', () => {
    expect(leakIn('Cannot POST /app/weather/mcp', '/app/weather/mcp')).toBeUndefined();
    expect(leakIn('in /srv/app/weather/mcp/x.js', '/app/weather/mcp')).toBe('an absolute path');
    expect(leakIn('in /app/weather/mcp/x.js', '/app/weather/mcp')).toBe('an absolute path');
    expect(leakIn('/app/weather/mcp: open /app/data/x', '/app/weather/mcp')).toBe('an absolute path');
  });

  it.each([
    '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}',
    '{"error":"Not Found","path":"/mcp"}',
    'See https://example.com/usr/share/docs/errors at 10:30:00 for help',
    'Expected application/json or text/event-stream',
  ])('nothing in %s', (text) => {
    expect(leakIn(text)).toBeUndefined();
  });
});
