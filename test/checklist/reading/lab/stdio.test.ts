import { describe, expect, it } from 'vitest';
import { profiles } from '../../../../src/checklist/checklist.ts';
import type { EndOfInputHistory } from '../../../../src/evidence/lab/end-of-input.ts';
import type { LabEvidence } from '../../../../src/evidence/lab/lab.ts';
import type { LaunchFacts, OutputLine } from '../../../../src/evidence/lab/launch.ts';
import { recordWire } from '../../../support/evidence.ts';
import { callOf, labOf, launchOf, quietGateway } from '../../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../../support/rows.ts';

const spoken = (launch: Partial<LaunchFacts> = {}): LaunchFacts =>
  launchOf({
    port: null,
    portEnv: null,
    outcome: { kind: 'speaking', afterMs: 300, uid: 1000, processes: [101] },
    messages: 6,
    ...launch,
  });

const over = (
  transport: LabEvidence['transport'],
  experiments: LabEvidence['experiments'] = {},
): { lab: LabEvidence } => ({ lab: labOf(experiments, { transport }) });

describe('stdout of a server over stdio', () => {
  const line = (stream: OutputLine['stream'], text: string): OutputLine => ({ stream, atMs: 310, text });
  const judge = (lines: OutputLine[]) =>
    judgeCriterion(
      'structured-logging',
      'protocol-only-on-stdout',
      over('stdio', {
        'stdio-purity': {
          ran: true,
          history: {
            launch: spoken({ output: { lines, droppedLines: 0, droppedBytes: 0 } }),
            calls: [callOf(), callOf()],
            gateway: quietGateway,
          },
        },
      }),
    );

  it('passes with messages alone, whatever stands on stderr', () => {
    const { verdict, finding } = judge([line('stderr', 'Server running on stdio')]);
    expect(verdict).toBe('pass');
    expect(finding).toBe('During 2 calls, the server wrote 6 protocol messages and nothing else to stdout.');
  });

  it('fails with one other line, and shows it', () => {
    const { verdict, finding, sources } = judge([line('stdout', 'Server running'), line('stderr', 'x')]);
    expect(verdict).toBe('fail');
    expect(finding).toBe('The server wrote 1 line to stdout that is not a protocol message: Server running');
    expect(sources).toEqual([{ experiment: 'stdio-purity', atMs: 310, text: 'on stdout: Server running' }]);
  });

  it('does not carry the row', () => {
    const { criteria, verdict } = judgeRow('structured-logging', {
      lab: labOf(
        {
          'stdio-purity': {
            ran: true,
            history: { launch: spoken(), calls: [callOf()], gateway: quietGateway },
          },
        },
        { transport: 'stdio' },
      ),
    });
    expect(criteria.find(({ id }) => id === 'protocol-only-on-stdout')?.verdict).toBe('pass');
    expect(verdict).toBe('unknown');
  });
});

describe('the end of its input', () => {
  const judge = (criterion: string, history: Partial<EndOfInputHistory>) =>
    judgeCriterion(
      'graceful-shutdown',
      criterion,
      over('stdio', {
        'end-of-input': {
          ran: true,
          history: {
            launch: spoken({ exit: { atMs: 2_600, code: 0, signal: null } }),
            calls: [callOf({ sentMs: 500, endedMs: 2_500 })],
            notHeld: null,
            gateway: quietGateway,
            endedMs: 1_000,
            waitedUntilMs: 2_600,
            left: [],
            ...history,
          },
        },
      }),
    );

  it.each<[string, Partial<EndOfInputHistory>, string, RegExp]>([
    [
      'its end with 0',
      {},
      'pass',
      /^The server ended with code 0, 1600 ms after its stdin closed\. No process was left running\.$/,
    ],
    [
      'another code',
      { launch: spoken({ exit: { atMs: 1_010, code: 1, signal: null } }) },
      'fail',
      /^The server ended with code 1, 10 ms after its stdin closed\.$/,
    ],
    [
      'no end at all',
      { launch: spoken(), waitedUntilMs: 21_000 },
      'fail',
      /^The server was still running 20\.0 s after its stdin closed\.$/,
    ],
    ['a process that lives on', { left: [102] }, 'fail', /but left 1 process running\.$/],
    [
      'an end before its input did',
      { launch: spoken({ exit: { atMs: 900, code: 0, signal: null } }) },
      'inconclusive',
      /^The server ended with code 0 before its stdin closed\.$/,
    ],
  ])('is judged by %s', (_title, history, verdict, text) => {
    const judged = judge('ends-with-input', history);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason ?? judged.finding).toMatch(text);
  });

  const lost = { kind: 'no-answer', timedOut: false, message: 'Connection closed' } as const;
  it.each<[string, Partial<EndOfInputHistory>, string, RegExp]>([
    [
      'a result',
      {},
      'pass',
      /^The lab closed stdin 500 ms into a call\. The server answered it with its result 1500 ms later\.$/,
    ],
    [
      'an error',
      { calls: [callOf({ endedMs: 2_500, outcome: { kind: 'result', isError: true, text: 'No' } })] },
      'pass',
      /with an error/,
    ],
    [
      'no answer',
      { calls: [callOf({ endedMs: 1_010, outcome: lost })] },
      'fail',
      /The server did not answer it\.$/,
    ],
    ['a call that was over', { calls: [callOf({ endedMs: 900 })] }, 'inconclusive', /^The call ended before/],
    ['no call', { calls: [], notHeld: 'No tool.' }, 'inconclusive', /^No call was in flight .* No tool\.$/],
  ])('and what was read before it by %s', (_title, history, verdict, text) => {
    const judged = judge('answers-before-end', history);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason ?? judged.finding).toMatch(text);
  });
});

describe('what is asked over one transport only', () => {
  const verdictsOver = (transport: LabEvidence['transport']) =>
    Object.fromEntries(
      profiles.extended.map(({ id }) => [id, judgeRow(id, over(transport)).verdict] as const),
    );

  it('does not apply over stdio, with the reason', () => {
    const verdicts = verdictsOver('stdio');
    expect(Object.keys(verdicts).filter((id) => verdicts[id] === 'not-applicable')).toEqual([
      'endpoint-authentication',
      'health-endpoint',
      'restart-policy',
      'rate-limiting',
      'transport-security',
      'resource-limits',
      'horizontal-scaling',
      'connection-limits',
      'metrics',
    ]);
    const { criteria } = judgeRow('rate-limiting', over('stdio'));
    expect(criteria.map(({ verdict, proof, reason }) => ({ verdict, proof, reason }))).toEqual(
      criteria.map(() => ({
        verdict: 'not-applicable',
        proof: null,
        reason: 'This server speaks stdio: its only client is the program that starts it.',
      })),
    );
  });

  it('applies over HTTP, where what is about stdio does not', () => {
    expect(Object.values(verdictsOver('http'))).not.toContain('not-applicable');
    for (const evidence of [over('http'), { wire: recordWire().wire }]) {
      expect(judgeCriterion('graceful-shutdown', 'ends-with-input', evidence)).toMatchObject({
        verdict: 'not-applicable',
        reason: 'This server speaks HTTP: its clients send HTTP requests, not stdin.',
      });
    }
  });

  it('is open where nobody knows what the server speaks', () => {
    expect(judgeCriterion('graceful-shutdown', 'ends-with-input', {})).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('--stdio'),
    });
  });
});
