import { describe, expect, it } from 'vitest';
import type { MalformedProbe, McpReply, ToolCall } from '../../../src/evidence/wire.ts';
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
    // Older evidence does not say how much of it was sent.
    [
      'large body, served',
      'oversized-body',
      answer(200),
      { kind: 'result' },
      'oversized-body',
      'inconclusive',
    ],
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

  describe('oversized bodies', () => {
    const mib = 1024 * 1024;
    const judgeBody = (status: number, sizeMib: number, sentMib = sizeMib, loopback = true) => {
      const { wire, exchange } = recordWire({ loopback });
      const id = exchange(answer(status), { purpose: `a body of ${sizeMib} MiB` });
      const body = { bytes: sizeMib * mib, sentBytes: sentMib * mib };
      wire.malformed.push({ kind: 'oversized-body', exchange: id, reply: other, body });
      const { verdict, finding, reason } = judgeCriterion(row, 'oversized-body', { wire });
      return [verdict, finding || reason];
    };

    it('fail only a server that reads all of 64 MiB', () => {
      for (const status of [200, 202, 400, 500]) {
        expect(judgeBody(status, 64)).toEqual([
          'fail',
          `The server read a body of 64 MiB (POST /mcp → ${status}). No limit was found.`,
        ]);
      }
      expect(judgeBody(413, 64)[0]).toBe('pass');
      expect(judgeBody(400, 64, 14)).toEqual([
        'pass',
        'A body of 64 MiB: POST /mcp → 400 in 4 ms. The server responded after at most 14 MiB of it.',
      ]);
    });

    it('of 5 MiB leave a higher limit open', () => {
      const read =
        'The server read a body of 5 MiB (POST /mcp → 200). Whether it has a higher limit is unknown.';
      expect(judgeBody(200, 5)).toEqual(['inconclusive', `${read} The audit sent no larger body.`]);
      expect(judgeBody(200, 5, 5, false)).toEqual([
        'inconclusive',
        `${read} Audit an instance on loopback, or add --lab.`,
      ]);
      expect(judgeBody(400, 5)[0]).toBe('inconclusive');
      expect(judgeBody(413, 5)[0]).toBe('pass');
    });

    it.each([401, 403, 429, 503])('say nothing after %i', (status) => {
      expect(judgeBody(status, 64)[0]).toBe('inconclusive');
    });
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

  describe('bad arguments', () => {
    const judgeCall = (
      call: Partial<ToolCall>,
      outcome: ReturnType<typeof answer> | ReturnType<typeof failure> = answer(200),
      good: ToolCall['outcome'] = 'result',
    ) => {
      const { wire, exchange } = recordWire();
      const tool = 'get_weather';
      wire.toolCalls.push({
        kind: 'good-arguments',
        tool,
        exchange: exchange(answer(200)),
        outcome: good,
        text: '',
      });
      wire.toolCalls.push({
        kind: 'bad-arguments',
        tool,
        defect: { argument: 'city', how: 'missing' },
        exchange: exchange(outcome),
        outcome: 'error-result',
        text: '',
        ...call,
      });
      return judgeCriterion(row, 'bad-arguments', { wire }).verdict;
    };

    it.each<[string, Partial<ToolCall>, string]>([
      ['an error that names it', { text: 'Invalid input: "city" is required' }, 'pass'],
      ['a protocol error that names it', { outcome: 'protocol-error', text: '{"path":["city"]}' }, 'pass'],
      ['an error that names something like it', { text: 'capacity exceeded' }, 'fail'],
      ['an error with a traceback', { text: 'city\nTraceback (most recent call last):' }, 'fail'],
      ['a result', { outcome: 'result' }, 'fail'],
      ['nothing that could be read', { outcome: 'none' }, 'inconclusive'],
    ])('%s', (_, call, verdict) => {
      expect(judgeCall(call)).toBe(verdict);
    });

    it('fails for an internal error, and is unknown for an overload or silence', () => {
      expect(judgeCall({ outcome: 'none' }, answer(500, 'Internal Server Error'))).toBe('fail');
      for (const outcome of [answer(503), answer(401), failure('timeout')]) {
        expect(judgeCall({ outcome: 'none' }, outcome)).toBe('inconclusive');
      }
    });

    it('does not apply where no tool has arguments that could be wrong', () => {
      const facts = (name: string) => ({ name, readOnly: true, inputSchema: { type: 'object' } });
      const judgeTools = (...names: string[]) => {
        const { wire, exchange, connect } = recordWire({ clients: [] });
        connect({ tools: names.map(facts) });
        const [tool] = names;
        const call = { kind: 'good-arguments', outcome: 'result', text: '' } as const;
        if (tool) wire.toolCalls.push({ ...call, tool, exchange: exchange(answer(200)) });
        return judgeCriterion(row, 'bad-arguments', { wire }).verdict;
      };
      expect(judgeTools()).toBe('not-applicable');
      expect(judgeTools('get_time')).toBe('not-applicable');
      expect(judgeTools('get_time', 'get_weather')).toBe('inconclusive');
    });

    it('is unknown for an error without a name where the good call failed, too', () => {
      expect(judgeCall({ text: 'No API key.' }, answer(200), 'error-result')).toBe('inconclusive');
    });
  });

  it('reads every error, also those of requests that were in order', () => {
    const judgePage = (page: ReturnType<typeof answer>) => {
      const { wire, exchange } = recordWire();
      exchange(page, { method: 'GET', path: '/health' });
      return judgeCriterion(row, 'leaks-nothing', { wire }).verdict;
    };
    const traceback = 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in health';
    expect(judgePage(answer(500, traceback))).toBe('fail');
    expect(judgePage(answer(404, 'Not Found'))).toBe('pass');
    expect(judgePage(answer(200, traceback))).toBe('inconclusive');
  });

  it.each([
    ['error-result', '{"error":"at serve (/srv/app.js:1:2)"}', 'fail'],
    ['error-result', '{"error":"GET /v1/weather at api.weather.test: status 503"}', 'pass'],
    ['result', '{"text":"at serve (/srv/app.js:1:2)"}', 'inconclusive'],
  ] as const)('judges errors of the named tool, not its results: %s %s', (outcome, body, verdict) => {
    const { wire, exchange } = recordWire();
    const call = { kind: 'good-arguments', tool: 'get_weather', text: '' } as const;
    wire.toolCalls.push({ ...call, outcome, exchange: exchange(answer(200, body)) });
    expect(judgeCriterion(row, 'leaks-nothing', { wire }).verdict).toBe(verdict);
  });

  describe('secrets', () => {
    const judgeError = (body: string, exposes: string[]) => {
      const { wire, exchange } = recordWire();
      exchange(answer(500, body), { method: 'GET', path: '/health', exposes });
      return judgeCriterion(row, 'leaks-nothing', { wire });
    };

    it('are reported by kind and place', () => {
      expect(judgeError('<AWS access key id>', ['an AWS access key id', 'a GitHub token'])).toMatchObject({
        verdict: 'fail',
        finding:
          'A probe: GET /health → 500 in 4 ms. The response contains an AWS access key id and a GitHub token.',
      });
    });

    it('are not seen in a mask that the server wrote itself', () => {
      expect(judgeError('<AWS access key id> <private key> ***', []).verdict).toBe('pass');
    });

    it('in the error of a tool fail the call with bad arguments', () => {
      const { wire, exchange } = recordWire();
      wire.toolCalls.push({
        kind: 'bad-arguments',
        tool: 'get_weather',
        defect: { argument: 'city', how: 'missing' },
        exchange: exchange(answer(200), { exposes: ['an API key'] }),
        outcome: 'error-result',
        text: 'city is required, <API key>',
      });
      expect(judgeCriterion(row, 'bad-arguments', { wire })).toMatchObject({
        verdict: 'fail',
        finding: expect.stringMatching(/The error contains an API key\.$/),
      });
    });
  });

  it('says where such requests are sent', () => {
    expect(judgeCriterion(row, 'malformed-json', { wire: recordWire().wire }).reason).toMatch(
      /to Streamable HTTP endpoints only/,
    );
  });

  it('says what was not sent, and why', () => {
    const { wire } = recordWire();
    wire.omitted.push({ probe: 'oversized-body', reason: 'the server asked to slow down' });
    expect(judgeCriterion(row, 'oversized-body', { wire }).reason).toBe(
      'The audit skipped this request. the server asked to slow down',
    );
  });
});
