import { describe, expect, it } from 'vitest';
import type { BadInputHistory, BadLine } from '../../../src/evidence/lab/bad-input.ts';
import type { LaunchFacts } from '../../../src/evidence/lab/launch.ts';
import { labOf, launchOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const spoken = (launch: Partial<LaunchFacts> = {}): LaunchFacts =>
  launchOf({
    port: null,
    portEnv: null,
    outcome: { kind: 'speaking', afterMs: 300, uid: 1000, processes: [101] },
    ...launch,
  });

const lineOf = (purpose: BadLine['purpose'], sentMs: number, line: Partial<BadLine> = {}): BadLine => ({
  purpose,
  line: '{}',
  sentMs,
  endedMs: sentMs + 5,
  answer: { kind: 'result', isError: false, text: '' },
  ...line,
});

const none = (over: boolean): BadLine['answer'] => ({ kind: 'none', over });
const error = (code: number, text: string): BadLine['answer'] => ({ kind: 'error', code, text });
const defect = { argument: 'city', how: 'missing' } as const;

/** What a ready server answers, but for these. */
function judge(
  criterion: string,
  differs: Partial<Record<BadLine['purpose'], Partial<BadLine> | null>> = {},
  launch = {},
) {
  const ready = [
    lineOf('before', 500),
    lineOf('unknown-method', 510, { answer: error(-32601, 'Method not found') }),
    lineOf('bad-arguments', 520, {
      defect,
      answer: { kind: 'result', isError: true, text: 'city: must be a string' },
    }),
    lineOf('unreadable', 530, { answer: none(false), endedMs: 1_530 }),
    lineOf('after', 1_540),
  ];
  const lines = ready
    .filter(({ purpose }) => differs[purpose] !== null)
    .map((line) => ({ ...line, ...differs[line.purpose] }));
  const history: BadInputHistory = { launch: spoken(launch), lines, gateway: quietGateway };
  const lab = labOf({ 'bad-input': { ran: true, history } }, { transport: 'stdio' });
  const { verdict, finding, reason } = judgeCriterion('input-validation', criterion, { lab });
  return [verdict, reason ?? finding];
}

const crash = { exit: { atMs: 540, code: 1, signal: null } };

describe('over stdio', () => {
  it('an unknown method gets its JSON-RPC error', () => {
    const criterion = 'unknown-method';
    expect(judge(criterion)).toEqual([
      'pass',
      'The server answered an unknown method with JSON-RPC error -32601.',
    ]);
    expect(judge(criterion, { 'unknown-method': { answer: error(-32603, 'x') } })[0]).toBe('fail');
    expect(judge(criterion, { 'unknown-method': { answer: lineOf('before', 0).answer } })[0]).toBe('fail');
    expect(judge(criterion, { 'unknown-method': { answer: none(true) } }, crash)).toEqual([
      'fail',
      'After an unknown method, the server ended with code 1.',
    ]);
    const silent = { answer: none(false), sentMs: 510, endedMs: 515 };
    expect(judge(criterion, { 'unknown-method': silent })[0]).toBe('fail');
    const nothing = { answer: none(false) };
    expect(
      judge(criterion, {
        'unknown-method': silent,
        'bad-arguments': nothing,
        unreadable: nothing,
        after: nothing,
      })[0],
    ).toBe('inconclusive');
    expect(judge(criterion, { 'unknown-method': null })[0]).toBe('inconclusive');
  });

  it('forbidden arguments get an error that names them', () => {
    const criterion = 'bad-arguments';
    expect(judge(criterion)).toEqual([
      'pass',
      'The server answered a call without "city" with an error that names it: "city: must be a string".',
    ]);
    const said = (answer: BadLine['answer']) => judge(criterion, { 'bad-arguments': { answer } });
    expect(said(error(-32602, 'Invalid params: city'))[0]).toBe('pass');
    expect(said(error(-32602, 'Invalid params'))).toEqual([
      'fail',
      'The server answered a call without "city" with an error that does not name it: "Invalid params".',
    ]);
    expect(said({ kind: 'result', isError: false, text: '12 °C' })[0]).toBe('fail');
    expect(said(none(true))[0]).toBe('fail');
    // The lab wrote no bad arguments: no argument can violate the schema of the only tool.
    expect(judge(criterion, { 'bad-arguments': null })[0]).toBe('not-applicable');
  });

  it('a line that is not JSON does not end the server', () => {
    const criterion = 'unreadable-line';
    expect(judge(criterion)).toEqual([
      'pass',
      'The server ignored a line that is not JSON. It answered the next request.',
    ]);
    expect(judge(criterion, { unreadable: { answer: error(-32700, 'Parse error') } })[1]).toContain(
      'The server answered a line that is not JSON with JSON-RPC error -32700.',
    );
    expect(judge(criterion, { unreadable: { answer: none(true) }, after: null }, crash)).toEqual([
      'fail',
      'After a line that is not JSON, the server ended with code 1.',
    ]);
    const deaf = { answer: none(false), sentMs: 1_540, endedMs: 21_540 };
    expect(judge(criterion, { after: deaf })).toEqual([
      'fail',
      'After a line that is not JSON, the server did not answer a request within 20.0 s. Before it, the same request took 5 ms.',
    ]);
    expect(judge(criterion, { after: deaf, before: { sentMs: 500, endedMs: 9_500 } })[0]).toBe(
      'inconclusive',
    );
    expect(judge(criterion, { before: { answer: none(false) } })[0]).toBe('inconclusive');
    expect(judge(criterion, { unreadable: null, after: null })[0]).toBe('inconclusive');
  });

  it('no error leaks internal details', () => {
    const criterion = 'leaks-nothing';
    expect(judge(criterion)).toEqual([
      'pass',
      'The server sent 2 errors. None contains a stack trace, a path or a key.',
    ]);
    const trace = 'Traceback (most recent call last)';
    expect(judge(criterion, { 'unknown-method': { answer: error(-32603, trace) } })).toEqual([
      'fail',
      'The server answered an unknown method with JSON-RPC error -32603. The error contains a Python traceback ("Traceback (most recent call last)").',
    ]);
    expect(judge(criterion, { 'bad-arguments': { canaries: ['WEATHER_API_KEY'] } })[1]).toContain(
      'contains the value of WEATHER_API_KEY',
    );
    const good = { answer: lineOf('before', 0).answer };
    expect(judge(criterion, { 'unknown-method': good, 'bad-arguments': good })[0]).toBe('inconclusive');
  });

  it('is not judged where the lab used HTTP', () => {
    const { reason } = judgeCriterion('input-validation', 'unknown-method', { lab: labOf() });
    expect(reason).toMatch(/^Not assessed: this needs a running server \(its URL\)\.$/);
  });
});
