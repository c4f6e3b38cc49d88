import { describe, expect, it } from 'vitest';
import { type LoggingHistory, loggingHistory } from '../../../src/evidence/lab/logging.ts';
import type { Logger, SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { forgedLine, forgeryOf, labOf, loggingOf } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const mcpImports = [{ library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) }];
const judge = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('structured-logging', criterion, {
    project: project({ source: source({ mcpImports, packages: [''], ...differs }) }),
  });
const lines = (differs: Partial<SourceFacts>) => judge('one-object-a-line', differs).verdict;
const logger = (form: Logger['form'], library = 'winston'): Logger => ({
  library,
  form,
  at: at('src/log.ts', 4),
});
const printed = (when: 'start' | 'running', file = 'src/server.ts') => ({
  call: 'console.error',
  when,
  at: at(file, 30),
});

describe('structured-logging', () => {
  it('passes for a JSON logger without other output', () => {
    expect(lines({ loggers: [logger('json')], plainOutput: [printed('start')] })).toBe('pass');
  });

  it('fails for printed lines without a logger, and for a logger of plain text', () => {
    expect(judge('one-object-a-line', { plainOutput: [printed('running')] })).toMatchObject({
      verdict: 'fail',
      finding: 'The source has no logger and prints plain text: console.error (src/server.ts:30).',
      sources: [at('src/server.ts', 30)],
    });
    expect(lines({ loggers: [logger('text')] })).toBe('fail');
    // A logger of unknown form is configured where its library is.
    expect(lines({ loggers: [logger('text', 'logging'), logger('unknown', 'logging')] })).toBe('fail');
  });

  it('does not judge mixed, unclear or missing loggers', () => {
    expect(lines({ loggers: [logger('json')], plainOutput: [printed('running')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('json'), logger('text', 'morgan')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('unknown')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('template', 'logging')] })).toBe('inconclusive');
    expect(lines({ plainOutput: [printed('start'), printed('running', 'scripts/seed.ts')] })).toBe(
      'inconclusive',
    );
    expect(lines({ mcpImports: [], plainOutput: [printed('running')] })).toBe('inconclusive');
  });

  it('fails for JSON from a format string', () => {
    expect(judge('unforgeable', { loggers: [logger('template', 'logging')] }).verdict).toBe('fail');
    expect(judge('unforgeable', { loggers: [logger('json')] }).verdict).toBe('inconclusive');
  });
});

describe('structured-logging in the lab', () => {
  const proven = (criterion: string, history: LoggingHistory) =>
    judgeCriterion('structured-logging', criterion, { lab: labOf({ logging: { ran: true, history } }) });
  const line = (fields: Record<string, unknown> = {}) =>
    JSON.stringify({
      time: 1_763_000_000_000,
      level: 'info',
      msg: 'Tool call',
      tool: 'get_weather',
      ...fields,
    });
  const whole = [
    { atMs: 3_010, text: line({ city: 'Paris', request_id: 'id-of-plain' }) },
    { atMs: 4_010, text: line({ city: `x"\n${forgedLine}\n` }) },
    { atMs: 5_010, text: line({ level: 'error', city: 'Berlin' }) },
  ];
  const verdicts = (history: LoggingHistory) =>
    Object.fromEntries(
      ['one-object-a-line', 'unforgeable', 'call-leaves-a-line', 'failure-level', 'request-id'].map((id) => [
        id,
        proven(id, history).verdict,
      ]),
    );
  const all = (verdict: string, differs = {}) => ({
    'one-object-a-line': verdict,
    unforgeable: verdict,
    'call-leaves-a-line': verdict,
    'failure-level': verdict,
    'request-id': verdict,
    ...differs,
  });

  it('passes for one complete line per call', () => {
    expect(verdicts(loggingOf(whole))).toEqual(all('pass'));
    expect(proven('one-object-a-line', loggingOf(whole))).toMatchObject({
      proof: 'proven',
      finding:
        'While serving 3 calls, the server wrote 3 lines. Each is a JSON object with time, level and message.',
    });
  });

  it('reports the lines of the start, but does not count them, blank lines or fragments', () => {
    const history = loggingOf([
      { atMs: 300, text: 'Listening on port 21000' },
      ...whole,
      { atMs: 5_020, text: '' },
      { atMs: 5_030, text: 'a piece', cut: true },
      { atMs: 6_010, text: 'Goodbye' },
    ]);
    expect(proven('one-object-a-line', history)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(/At start it wrote 1 line in another form: Listening on port 21000$/),
    });
  });

  it('fails for one line of text while serving', () => {
    const history = loggingOf([...whole, { atMs: 3_020, text: 'GET /mcp 200', stream: 'stderr' }]);
    expect(proven('one-object-a-line', history)).toMatchObject({
      verdict: 'fail',
      finding:
        '1 of 4 lines written while serving is not a complete log entry (not a JSON object): GET /mcp 200',
      sources: [{ experiment: 'logging', atMs: 3_020 }],
    });
  });

  it.each([
    ['with the newline raw', [`{"msg": "city=x"`, forgedLine, '"}']],
    ['after a prefix', ['INFO weather for x"', forgedLine, '']],
    ['cut in the middle', ['INFO weather for x"', forgedLine.slice(0, 40)]],
    ['in capitals', [forgedLine.toUpperCase()]],
  ])('fails for a forged line %s', (_, texts) => {
    const history = loggingOf(
      [whole[0], ...texts.map((text) => ({ atMs: 4_010, text })), whole[2]].filter(
        (one) => one !== undefined,
      ),
    );
    expect(proven('unforgeable', history)).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('forged an entry'),
    });
    // Damaged lines do not count for the log as a whole.
    expect(proven('one-object-a-line', history).verdict).toBe('pass');
  });

  it('fails for a line that a quote breaks', () => {
    const history = loggingOf([
      ...whole.slice(0, 1),
      { atMs: 4_010, text: '{"time":"now","level":"info","message":"city=x"\\n{...FORGED-0a1b2c3d"}' },
    ]);
    expect(proven('unforgeable', history)).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('broke a log line. This is not JSON:'),
    });
  });

  it('passes for an argument that is not logged, and for one that is escaped', () => {
    const silent = loggingOf([...whole.slice(0, 1), { atMs: 4_010, text: line() }]);
    expect(proven('unforgeable', silent).finding).toMatch(
      /left 1 line intact\. The argument appears in no line\.$/,
    );
    const text = loggingOf([{ atMs: 4_010, text: `INFO get_weather city=${JSON.stringify(forgedLine)}` }]);
    expect(proven('unforgeable', text).verdict).toBe('pass');
    // A dict as Python prints it is never JSON.
    const dict = loggingOf([
      { atMs: 3_010, text: "{'tool': 'get_weather', 'city': 'Paris'}" },
      { atMs: 4_010, text: `{'tool': 'get_weather', 'city': 'x"\\n{..FORGED-0a1b2c3d'}` },
    ]);
    expect(proven('unforgeable', dict).verdict).toBe('pass');
    expect(proven('one-object-a-line', dict).verdict).toBe('fail');
  });

  it('does not judge a forgery that did not reach the server', () => {
    const without = loggingOf(whole, { forgeries: [] });
    expect(proven('unforgeable', without)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('"tool"'),
    });
    const [plain, forgery, failure] = loggingOf([]).calls;
    if (!plain || !forgery || !failure) throw new Error('Three calls are made.');
    const judge = (outcome: typeof forgery.outcome) => {
      const calls = [plain, { ...forgery, outcome }, failure];
      return proven('unforgeable', loggingOf([{ atMs: 4_010, text: line() }], { calls })).verdict;
    };
    expect(judge({ kind: 'http-error', status: 403, message: 'no' })).toBe('inconclusive');
    expect(judge({ kind: 'no-answer', timedOut: true, message: 'no' })).toBe('inconclusive');
    // It may have been refused before it was logged.
    expect(judge({ kind: 'protocol-error', code: -32602, message: 'no' })).toBe('inconclusive');
    expect(judge({ kind: 'result', isError: true, text: 'no' })).toBe('inconclusive');
  });

  describe('several forged texts', () => {
    const [plain, first, failure] = loggingOf([]).calls;
    if (!plain || !first || !failure) throw new Error('Three calls are made.');
    const second = { ...first, sentMs: 4_500, endedMs: 4_520, watchedMs: 4_920, requestId: 'id-of-second' };
    const refused = { kind: 'protocol-error', code: -32602, message: 'Invalid arguments' } as const;
    const other = (differs: Parameters<typeof forgeryOf>[0] = {}) =>
      forgeryOf({
        argument: 'units',
        marker: 'FORGED-ffffffff',
        line: '{"message":"FORGED-ffffffff"}',
        ...differs,
      });
    const judged = (
      lines: Parameters<typeof loggingOf>[0],
      forgeries: LoggingHistory['forgeries'],
      calls: LoggingHistory['calls'],
    ) => proven('unforgeable', loggingOf(lines, { forgeries, calls: [plain, ...calls, failure] }));

    it('fails for the second', () => {
      const lines = [whole[0], whole[1], { atMs: 4_510, text: '{"message":"FORGED-ffffffff"}' }];
      expect(
        judged(
          lines.filter((one) => one !== undefined),
          [forgeryOf(), other()],
          [first, second],
        ),
      ).toMatchObject({
        verdict: 'fail',
        finding: expect.stringMatching(
          /^A quote, a newline and a forged line in argument "units" forged an entry\./,
        ),
      });
    });

    it('passes for one that arrived, and names the others', () => {
      const forgeries = [forgeryOf(), other({ allowed: false }), other({ argument: 'note' })];
      const third = { ...second, sentMs: 4_950, watchedMs: 4_990 };
      expect(
        judged(whole, forgeries, [first, { ...second, outcome: refused }, { ...third, outcome: refused }]),
      ).toMatchObject({
        verdict: 'pass',
        finding:
          'A quote, a newline and a forged line in argument "city" left 1 line intact. The argument appears in 1 line, escaped. The same text in argument "units" changed no line either. Whether it reached the log from argument "note" is unknown.',
      });
    });

    it('passes where the schema forbids every text, and the server refuses it', () => {
      const [start] = whole;
      const calls = [{ ...first, outcome: refused }];
      const lines = start === undefined ? [] : [start];
      expect(judged(lines, [other({ allowed: false })], calls)).toMatchObject({
        verdict: 'pass',
        finding:
          'A quote, a newline and a forged line in argument "units" did not reach the log. The server refused the call (Invalid arguments). The schema of the argument forbids this text.',
      });
      const days = other({ argument: 'days', by: 'other-type', allowed: false });
      expect(judged(lines, [days], calls)).toMatchObject({
        verdict: 'pass',
        finding: expect.stringContaining('in argument "days", which takes no text, did not reach the log.'),
      });
      // Nothing shows that the server logs at all.
      expect(judged([], [other({ allowed: false })], calls).verdict).toBe('inconclusive');
      // Another argument may reach the log.
      expect(
        judged(lines, [other({ allowed: false }), forgeryOf()], [...calls, { ...second, outcome: refused }])
          .verdict,
      ).toBe('inconclusive');
      const limited = { kind: 'http-error', status: 429, message: 'Too many requests' } as const;
      expect(judged(lines, [other({ allowed: false })], [{ ...first, outcome: limited }]).verdict).toBe(
        'inconclusive',
      );
    });

    it('passes for a refused text where the server does not log the argument', () => {
      const calls = [{ ...first, outcome: { kind: 'result' as const, isError: true, text: 'No such city' } }];
      const quiet = [3_010, 4_010].map((atMs) => ({ atMs, text: line() }));
      expect(judged(quiet, [forgeryOf()], calls)).toMatchObject({
        verdict: 'pass',
        finding:
          'A quote, a newline and a forged line in argument "city" left 1 line intact. The argument appears in no line. The server refused the call (a tool error: No such city).',
      });
      const named = [
        { atMs: 3_010, text: line({ city: 'Paris' }) },
        { atMs: 4_010, text: line() },
      ];
      expect(judged(named, [forgeryOf()], calls).verdict).toBe('inconclusive');
    });

    it('passes where the server refuses or escapes each piece, and accepts the text without them', () => {
      const failed = { kind: 'result' as const, isError: true, text: 'One line, please' };
      const pieces = [
        forgeryOf(),
        forgeryOf({ text: 'x"bcdfgh', line: '', marker: 'bcdfgh' }),
        forgeryOf({ text: 'x\njklmnp', line: 'jklmnp', marker: 'jklmnp' }),
        forgeryOf({ text: 'xqrstvw', line: '', marker: 'qrstvw' }),
      ];
      const times = [4_000, 4_200, 4_400, 4_600];
      const judgedWith = (accepted: readonly boolean[], texts: readonly string[]) => {
        const calls = times.map((sentMs, index) => ({
          ...first,
          sentMs,
          endedMs: sentMs + 20,
          watchedMs: sentMs + 180,
          arguments: { city: pieces[index]?.text },
          outcome: accepted[index] ? first.outcome : failed,
        }));
        const lines = times.map((sentMs, index) => ({
          atMs: sentMs + 10,
          text: line({ city: texts[index] }),
        }));
        return judged([{ atMs: 3_010, text: line({ city: 'Paris' }) }, ...lines], pieces, calls);
      };
      expect(judgedWith([false, true, false, true], ['', 'x"bcdfgh', '', 'xqrstvw'])).toMatchObject({
        verdict: 'pass',
        finding:
          'In argument "city", the server escaped a quote and refused a newline. It accepted the same text without them.',
      });
      expect(judgedWith([false, false, false, true], ['', '', '', 'xqrstvw']).verdict).toBe('pass');
      // It may have refused the text for any reason.
      expect(judgedWith([false, false, false, false], ['', '', '', '']).verdict).toBe('inconclusive');
      expect(judgedWith([false, true, false, false], ['', 'x"bcdfgh', '', '']).verdict).toBe('inconclusive');
    });

    it('names what a short text holds', () => {
      const quote = forgeryOf({ text: '"bcdfgh', line: '', marker: 'bcdfgh' });
      const lines = [{ atMs: 4_010, text: '{"time":1,"level":"info","msg":"city=""bcdfgh"}' }];
      expect(judged(lines, [quote], [first]).finding).toMatch(
        /^A quote in argument "city" broke a log line\./,
      );
      const text = [
        { atMs: 4_010, text: 'INFO city=' },
        { atMs: 4_010, text: 'bcdfgh' },
      ];
      const newline = forgeryOf({ text: '\nbcdfgh', line: 'bcdfgh', marker: 'bcdfgh' });
      expect(judged(text, [newline], [first]).finding).toMatch(
        /^A newline in argument "city" forged an entry\./,
      );
      // A line of text does not show where two characters went.
      const two = forgeryOf({ text: '"\n', line: '', marker: '' });
      expect(judged(text, [two], [first]).verdict).toBe('inconclusive');
      expect(judged([{ atMs: 4_010, text: line({ city: '"\n' }) }], [two], [first])).toMatchObject({
        verdict: 'pass',
        finding: expect.stringMatching(
          /^A quote and a newline in argument "city" left 1 line intact\..* 1 line, escaped\.$/,
        ),
      });
    });

    it('judges older evidence, which has one', () => {
      const { forgeries: _none, ...history } = loggingOf(whole);
      const older = {
        ...history,
        forgery: { argument: 'city', line: forgedLine, marker: 'FORGED-0a1b2c3d' },
      };
      const judge = (seen: unknown) => proven('unforgeable', loggingHistory.parse(seen));
      expect(judge(older).verdict).toBe('pass');
      expect(judge({ ...history, forgery: null }).verdict).toBe('inconclusive');
      const [, call] = history.calls;
      const calls = [plain, { ...call, outcome: refused }, failure];
      const unlogged = loggingOf([{ atMs: 4_010, text: line() }]).launch;
      expect(judge({ ...older, launch: unlogged, calls }).verdict).toBe('inconclusive');
    });
  });

  it('fails for a log that is silent', () => {
    expect(verdicts(loggingOf([{ atMs: 300, text: line() }]))).toEqual(
      all('inconclusive', { 'call-leaves-a-line': 'fail', 'failure-level': 'fail' }),
    );
  });

  it('does not attribute lines that appear without a call', () => {
    const tick = (atMs: number) => ({ atMs, text: line({ tool: undefined, msg: 'tick' }) });
    const ticking = loggingOf([2_400, 3_200, 4_200, 5_200].map(tick));
    expect(verdicts(ticking)).toMatchObject({
      'one-object-a-line': 'pass',
      'call-leaves-a-line': 'inconclusive',
      'failure-level': 'inconclusive',
    });
    const calm = loggingOf([3_200, 4_200, 5_200].map(tick));
    expect(proven('call-leaves-a-line', calm)).toMatchObject({
      verdict: 'pass',
      finding: 'The server logged 1 line during a call of "get_weather", without the name of the tool.',
    });
  });

  it('recognises lines that are buffered until the end', () => {
    const late = loggingOf([
      { atMs: 6_100, text: line() },
      { atMs: 6_100, text: line() },
    ]);
    expect(proven('call-leaves-a-line', late)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining('only when it stopped'),
    });
  });

  it.each([
    ['error', 'reset', true, 'pass'],
    ['warn', 'reset', true, 'pass'],
    ['warn', 'arguments', true, 'pass'],
    ['info', 'reset', true, 'fail'],
    // The caller made the error.
    ['info', 'arguments', true, 'inconclusive'],
    // A cache may have answered.
    ['info', 'reset', false, 'inconclusive'],
    ['warn', 'reset', false, 'pass'],
  ] as const)('level %s of a call that failed by %s (error: %s): %s', (level, failedBy, isError, verdict) => {
    const [plain, forgery, failure] = loggingOf([]).calls;
    if (!plain || !forgery || !failure) throw new Error('Three calls are made.');
    const calls = [plain, forgery, { ...failure, outcome: { kind: 'result' as const, isError, text: '' } }];
    const history = loggingOf([{ atMs: 5_010, text: line({ level }) }], { failedBy, calls });
    expect(proven('failure-level', history).verdict).toBe(verdict);
  });

  it('ignores the level of a forged line, even a late one', () => {
    const history = loggingOf([
      ...whole.slice(0, 2),
      { atMs: 5_005, text: forgedLine },
      { atMs: 5_010, text: line() },
    ]);
    expect(proven('failure-level', history).verdict).toBe('fail');
  });

  it('does not judge lines without a level, nor servers on which no call failed', () => {
    const history = loggingOf([{ atMs: 5_010, text: 'get_weather failed' }]);
    expect(proven('failure-level', history).verdict).toBe('inconclusive');
    const [plain] = loggingOf([]).calls;
    const without = loggingOf(whole, { calls: plain === undefined ? [] : [plain], failedBy: null });
    expect(proven('failure-level', without).verdict).toBe('inconclusive');
  });

  it.each([
    ['the id of the lab as trace id', [{ trace_id: 'idofplain' }, {}, {}], 'pass'],
    [
      'a different request id in each line',
      [{ request_id: 'a' }, { request_id: 'b' }, { request_id: 'c' }],
      'pass',
    ],
    ['the same id in all calls', [{ request_id: 'a' }, { request_id: 'a' }, { request_id: 'a' }], 'fail'],
    ['a process id', [{ pid: 7 }, { pid: 7 }, { pid: 7 }], 'fail'],
    ['an id of each line', [{ insertid: 'a' }, { insertid: 'b' }, { insertid: 'c' }], 'fail'],
    ['none', [{}, {}, {}], 'fail'],
  ])('an id: %s', (_, fields, verdict) => {
    const lines = fields.map((one, index) => ({ atMs: 3_010 + 1_000 * index, text: line(one) }));
    expect(proven('request-id', loggingOf(lines)).verdict).toBe(verdict);
  });

  it('passes for an id that two lines of one call share', () => {
    const lines = [
      { atMs: 3_010, text: line({ rid: 'r1' }) },
      { atMs: 3_020, text: line({ rid: 'r1' }) },
      { atMs: 4_010, text: line({ rid: 'r2' }) },
    ];
    expect(proven('request-id', loggingOf(lines)).finding).toBe('2 lines of one call share an id in "rid".');
    const text = loggingOf([{ atMs: 3_010, text: 'INFO get_weather' }]);
    expect(proven('request-id', text).verdict).toBe('inconclusive');
  });

  it('yields no verdict where the experiment did not run', () => {
    const lab = labOf({ logging: { ran: false, reason: 'No tool.', help: 'Name one in "tool".' } });
    expect(judgeCriterion('structured-logging', 'unforgeable', { lab })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'No tool. Name one in "tool".',
    });
  });
});
