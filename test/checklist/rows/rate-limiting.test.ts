import { describe, expect, it } from 'vitest';
import type { Answer, Credential, Failure } from '../../../src/evidence/exchange.ts';
import type { ArrayStep, BurstEvidence, BurstFollowUp, WireEvidence } from '../../../src/evidence/wire.ts';
import { answer, failure, recordWire } from '../../support/evidence.ts';
import { labOf, launchOf } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'rate-limiting';
const served = answer(200, '{}');
const tooMany = answer(429, '', { 'retry-after': '2' });

interface After extends Pick<BurstFollowUp, 'kind' | 'header' | 'from' | 'waitedMs' | 'clock'> {
  outcome: Answer | Failure;
  credential: Credential;
}

const followed = (
  kind: BurstFollowUp['kind'],
  outcome: Answer | Failure,
  differs: Partial<After> = {},
): After => ({
  kind,
  outcome,
  credential: 'given',
  waitedMs: 0,
  ...differs,
});

/** A burst that ended with this answer, and what followed. */
function pressed(
  last: Answer | Failure | undefined,
  {
    followUps = [],
    burst = {},
    wire: base = {},
  }: { followUps?: After[]; burst?: Partial<BurstEvidence>; wire?: Partial<WireEvidence> } = {},
): WireEvidence {
  const { wire, exchange } = recordWire(base);
  const first = exchange(served);
  const isLimit = last?.kind === 'answer' && last.status === 429;
  const end = last === undefined ? first : exchange(last);
  const retryAfter = Number(isLimit ? last.headers['retry-after'] : Number.NaN);
  wire.burst = {
    request: 'ping',
    credential: 'given',
    sent: 120,
    served: last === undefined ? 120 : 60,
    durationMs: 400,
    first,
    limited: isLimit
      ? {
          exchange: end,
          reply: { kind: 'other' },
          after: 60,
          afterAll: 80,
          retryAfterSeconds: Number.isNaN(retryAfter) ? null : retryAfter,
        }
      : null,
    failures: last !== undefined && !isLimit ? [end] : [],
    followUps: followUps.map(({ outcome, credential, ...rest }) => ({
      ...rest,
      exchange: exchange(outcome, { credential }),
      reply: outcome.kind === 'answer' && outcome.status === 200 ? { kind: 'result' } : { kind: 'other' },
    })),
    ...burst,
  };
  return wire;
}

const verdict = (criterion: string, wire: WireEvidence) => judgeCriterion(row, criterion, { wire }).verdict;
const forgeries = (outcome: Answer, count: number, header: BurstFollowUp['header'] = 'x-forwarded-for') =>
  Array.from({ length: count }, () =>
    followed('forged-address', outcome, { header: header ?? 'x-forwarded-for' }),
  );
const controls = (outcome: Answer, header: BurstFollowUp['header'] = 'x-forwarded-for') =>
  Array.from({ length: 3 }, () => followed('unforged', outcome, { header: header ?? 'x-forwarded-for' }));

describe('rate-limiting: limited', () => {
  it('passes for a burst that met 429, and says after how many', () => {
    const wire = pressed(tooMany);
    expect(judgeCriterion(row, 'limited', { wire })).toMatchObject({
      verdict: 'pass',
      finding: 'POST /mcp → 429 in 4 ms, after the server served 60 valid requests in a row.',
    });
    expect(judgeRow(row, { wire })).toMatchObject({ verdict: 'partial', proof: 'observed' });
  });

  it('fails when everything was served, or was refused like a wrong credential', () => {
    expect(judgeCriterion(row, 'limited', { wire: pressed(undefined) })).toMatchObject({
      verdict: 'fail',
      finding: 'The server served all 120 ping requests in 0.4 s, and limited none.',
    });
    expect(verdict('limited', pressed(answer(403)))).toBe('fail');
  });

  it.each([
    ['503', pressed(answer(503))],
    ['a closed connection', pressed(failure('reset'))],
    ['too few requests', pressed(undefined, { burst: { sent: 30, served: 30 } })],
    ['a burst that took more than a minute', pressed(undefined, { burst: { durationMs: 70_000 } })],
    ['no burst', { ...pressed(undefined), burst: null }],
  ])('is not judged after %s', (_, wire) => {
    expect(verdict('limited', wire)).toBe('inconclusive');
    expect(judgeRow(row, { wire }).verdict).toBe('unknown');
  });

  it('takes a 429 that came before the burst, unless refused requests came right before it', () => {
    const { wire, exchange } = recordWire();
    for (let sent = 0; sent < 12; sent += 1) exchange(served);
    exchange(tooMany);
    expect(verdict('limited', wire)).toBe('pass');

    const locked = recordWire();
    for (let sent = 0; sent < 5; sent += 1) locked.exchange(answer(401), { credential: 'wrong' });
    locked.exchange(tooMany);
    expect(verdict('limited', locked.wire)).toBe('inconclusive');
  });
});

describe('rate-limiting: a limit that may count failures alone', () => {
  /** One refused request, and then a burst that met 429 after so many results. */
  const verdictsAfter = (served: number, inTurn?: number) => {
    const { wire: earlier, exchange } = recordWire();
    exchange(answer(404));
    const wire = pressed(tooMany, {
      wire: { exchanges: earlier.exchanges },
      burst: { served, ...(inTurn !== undefined && { inTurn }) },
      followUps: [
        followed('second-client', answer(200, '{}'), { from: '127.0.0.2' }),
        followed('first-client', tooMany),
        followed('recovered', answer(200, '{}'), { waitedMs: 2_100 }),
      ],
    });
    return ['limited', 'retry-after', 'per-client', 'recovers'].map((id) => verdict(id, wire));
  };

  it('passes nothing where it met the first request of the burst', () => {
    expect(new Set(verdictsAfter(0, 1))).toEqual(new Set(['inconclusive']));
    const { wire, exchange } = recordWire();
    exchange(answer(404));
    exchange(tooMany);
    expect(judgeCriterion(row, 'limited', { wire })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('Before it, the server refused 1 request of this audit.'),
    });
  });

  it('passes where valid requests in turn met it, or many of those in flight', () => {
    expect(new Set(verdictsAfter(1, 2))).toEqual(new Set(['pass']));
    expect(new Set(verdictsAfter(5, 5))).toEqual(new Set(['inconclusive']));
    expect(new Set(verdictsAfter(45, 40))).toEqual(new Set(['inconclusive']));
    expect(new Set(verdictsAfter(61, 40))).toEqual(new Set(['pass']));
    // Older bursts sent one request and then ten at a time.
    expect(new Set(verdictsAfter(15))).toEqual(new Set(['inconclusive']));
    expect(new Set(verdictsAfter(60))).toEqual(new Set(['pass']));
  });
});

describe('rate-limiting: what follows a limit', () => {
  it.each(['retry-after', 'per-client', 'unforgeable', 'recovers'])(
    'is unknown without a burst: %s',
    (id) => {
      const { wire } = recordWire();
      expect(judgeCriterion(row, id, { wire })).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringMatching(/^The audit sent no burst: /),
      });
    },
  );

  it('wants a Retry-After that can be read and is true', () => {
    expect(verdict('retry-after', pressed(tooMany))).toBe('pass');
    expect(verdict('retry-after', pressed(answer(429)))).toBe('fail');
    expect(verdict('retry-after', pressed(answer(429, '', { 'retry-after': 'soon' })))).toBe('fail');
    const broken = pressed(tooMany, { followUps: [followed('recovered', tooMany, { waitedMs: 2_100 })] });
    expect(verdict('retry-after', broken)).toBe('fail');
    expect(verdict('retry-after', pressed(undefined))).toBe('inconclusive');
    expect(judgeRow(row, { wire: pressed(answer(429)) }).verdict).toBe('partial');
  });

  it('wants another client to be served', () => {
    const judge = (outcome: Answer, differs: Partial<After>, given = true, then: Answer = tooMany) =>
      judgeCriterion(row, 'per-client', {
        wire: pressed(tooMany, {
          followUps: [followed('second-client', outcome, differs), followed('first-client', then)],
          wire: { credentialGiven: given },
        }),
      });
    const other = (...words: Parameters<typeof judge>) => judge(...words).verdict;
    expect(other(served, { from: '127.0.0.2' })).toBe('pass');
    expect(other(tooMany, { from: '127.0.0.2', credential: 'none' })).toBe('fail');
    expect(other(tooMany, { from: '127.0.0.2', credential: 'none' }, false)).toBe('fail');
    // The same credential, or the same address, may be the same client.
    expect(other(tooMany, { from: '127.0.0.2' })).toBe('inconclusive');
    expect(other(tooMany, { credential: 'none' })).toBe('inconclusive');
    expect(other(answer(401), { from: '127.0.0.2', credential: 'none' })).toBe('inconclusive');
    expect(verdict('per-client', pressed(tooMany))).toBe('inconclusive');
    // The window may have ended in between.
    expect(judge(served, { from: '127.0.0.2' }, true, served)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('had ended by then'),
    });
  });

  it('knows another client by its credential', () => {
    const other = (outcome: Answer, differs: Partial<After> = {}) =>
      judgeCriterion(row, 'per-client', {
        wire: pressed(tooMany, {
          followUps: [
            followed('second-client', outcome, { credential: 'other', ...differs }),
            followed('first-client', tooMany),
          ],
          wire: { credentialGiven: true },
        }),
      });
    expect(other(served, { from: '127.0.0.2' })).toMatchObject({
      verdict: 'pass',
      finding:
        'While it limited one client, the server served another client with its own credential at 127.0.0.2: POST /mcp → 200 in 4 ms.',
    });
    expect(other(served).verdict).toBe('pass');
    expect(other(tooMany, { from: '127.0.0.2' })).toMatchObject({
      verdict: 'fail',
      finding:
        'One client used up the limit. The server then limited another client with its own credential at 127.0.0.2: POST /mcp → 429 in 4 ms.',
    });
    // It may be counted by the address, which is the same.
    expect(other(tooMany).verdict).toBe('inconclusive');
    for (const status of [401, 403]) {
      expect(other(answer(status), { from: '127.0.0.2' })).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringContaining('Check that it accepts that credential'),
      });
    }
  });

  it('distinguishes a limit from a refusal with the same JSON-RPC code', () => {
    const wire = pressed(tooMany, {
      followUps: [followed('second-client', answer(401), { from: '127.0.0.2', credential: 'none' })],
    });
    const reply = { kind: 'error', code: -32000, message: 'No' } as const;
    if (wire.burst?.limited) wire.burst.limited.reply = reply;
    for (const followUp of wire.burst?.followUps ?? []) followUp.reply = reply;
    expect(verdict('per-client', wire)).toBe('inconclusive');
  });

  it('wants forged addresses to change nothing', () => {
    const judge = (followUps: After[], loopback = false) =>
      verdict('unforgeable', pressed(tooMany, { followUps, wire: { loopback } }));
    expect(judge(forgeries(tooMany, 1))).toBe('pass');
    expect(judge([...forgeries(served, 4), ...controls(tooMany)])).toBe('fail');
    expect(judge([...forgeries(served, 4, 'x-real-ip'), ...controls(tooMany, 'x-real-ip')])).toBe('fail');
    // It had recovered.
    expect(judge([...forgeries(served, 4), ...controls(served)])).toBe('inconclusive');
    expect(judge([])).toBe('inconclusive');
    // Over loopback the address that a proxy adds has a share of its own, which 80 answers may not use up.
    expect(judge([...forgeries(served, 80), ...controls(tooMany)], true)).toBe('inconclusive');
    expect(judge([...forgeries(served, 81), ...controls(tooMany)], true)).toBe('fail');
    expect(judge([...forgeries(served, 40), ...forgeries(tooMany, 1), ...controls(tooMany)], true)).toBe(
      'pass',
    );
    expect(judge([...forgeries(served, 90, 'x-real-ip'), ...controls(tooMany, 'x-real-ip')], true)).toBe(
      'inconclusive',
    );
  });

  it('wants the limit to end when it said', () => {
    const recovered = (outcome: Answer | Failure) =>
      verdict(
        'recovers',
        pressed(tooMany, { followUps: [followed('recovered', outcome, { waitedMs: 2_100 })] }),
      );
    expect(recovered(served)).toBe('pass');
    expect(recovered(tooMany)).toBe('fail');
    expect(recovered(failure('timeout'))).toBe('inconclusive');
    expect(verdict('recovers', pressed(answer(429, '', { 'retry-after': '37' })))).toBe('inconclusive');
  });
});

describe('rate-limiting: arrays', () => {
  interface Sent {
    length: number | null;
    outcome: Answer | Failure;
    results?: number;
    limited?: number;
    left?: number;
  }
  const results = (length: number, left?: number): Sent => ({
    length,
    outcome: left === undefined ? served : answer(200, '[]', { 'ratelimit-remaining': `${left}` }),
    results: length,
  });
  const single = (left?: number): Sent => ({ ...results(1, left), length: null });
  const refused = (outcome: Answer, length: number | null = 3): Sent => ({
    length,
    outcome,
    limited: outcome.status === 429 ? (length ?? 1) : 0,
  });

  /** The burst of `pressed` met its limit after 60 requests. */
  function arrays(few: Sent[], many: Sent[] | null = null, left?: number, met = true) {
    const { wire, exchange } = recordWire();
    const burst = pressed(met ? tooMany : undefined).burst;
    const step = ({ length, outcome, results: count = 0, limited = 0 }: Sent): ArrayStep => ({
      exchange: exchange(outcome),
      length,
      results: count,
      limited,
      reply: count > 0 ? { kind: 'result' } : { kind: 'other' },
    });
    const before = exchange(answer(200, '', left === undefined ? {} : { 'ratelimit-remaining': `${left}` }));
    wire.burst = burst;
    wire.arrays = {
      request: 'ping',
      revision: '2025-03-26',
      before,
      few: few.map(step),
      many: many?.map(step) ?? null,
    };
    return judgeCriterion(row, 'counts-calls', { wire });
  }

  it('passes where an array is refused and a single request is served', () => {
    expect(arrays([refused(answer(400)), single()])).toMatchObject({
      verdict: 'pass',
      finding:
        'The server refused an array of 3 requests: POST /mcp → 400 in 4 ms. It served a single request.',
    });
    expect(arrays([refused(tooMany), single()]).verdict).toBe('pass');
    expect(arrays([refused(answer(400)), refused(answer(400), null)]).verdict).toBe('inconclusive');
    expect(arrays([refused(answer(500)), single()]).verdict).toBe('inconclusive');
    expect(arrays([refused(answer(202)), single()]).verdict).toBe('inconclusive');
  });

  it('fails where arrays get more than the limit lets through', () => {
    const few = [results(3), single()];
    expect(arrays(few, [results(32), results(31), single()])).toMatchObject({
      verdict: 'fail',
      finding:
        'The server answered JSON-RPC arrays of 32 and 31 ping requests with 63 results. The burst reached the limit after at most 62 requests.',
    });
    // The limit may be 62, where the array of three was counted.
    expect(arrays(few, [results(31), results(31), single()]).verdict).toBe('inconclusive');
  });

  it('passes where a part or the whole of an array is refused as too many', () => {
    const few = [results(3), single()];
    const partly = { ...results(32), results: 20, limited: 12 };
    expect(arrays(few, [partly, single()])).toMatchObject({
      verdict: 'pass',
      finding: 'The server served 20 of 32 requests in an array. It refused 12 as too many.',
    });
    expect(arrays(few, [results(32), refused(tooMany, 31), single()]).verdict).toBe('pass');
    expect(arrays(few, [results(32), refused(tooMany, 31), refused(tooMany, null)]).verdict).toBe(
      'inconclusive',
    );
    expect(arrays(few, [refused(answer(400), 32), single()]).verdict).toBe('inconclusive');
  });

  it('reads what the server says is left', () => {
    expect(arrays([results(3, 47), single(46)], null, 50)).toMatchObject({
      verdict: 'pass',
      finding:
        'The server’s headers counted an array of 3 requests as 3: 50 requests remained before it, 47 after it.',
    });
    expect(arrays([results(3, 49), single(48)], null, 50).verdict).toBe('fail');
    expect(arrays([results(3, 49), single(48)], null, 50, false).verdict).toBe('inconclusive');
    // Something else is counted besides, or a window has ended.
    expect(arrays([results(3, 47), single(45)], null, 50).verdict).toBe('inconclusive');
    expect(arrays([results(3, 48), single(47)], null, 50).verdict).toBe('inconclusive');
    expect(arrays([results(3), single()]).verdict).toBe('inconclusive');
  });

  it('says nothing where no array was sent, and does not carry the row', () => {
    expect(judgeCriterion(row, 'counts-calls', { wire: pressed(tooMany) })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'This evidence comes from an audit without JSON-RPC arrays. Audit again.',
    });
    const wire: WireEvidence = {
      ...recordWire({ arrays: null }).wire,
      omitted: [{ probe: 'arrays', reason: 'The server answered 429 without Retry-After.' }],
    };
    expect(judgeCriterion(row, 'counts-calls', { wire })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'The audit sent no JSON-RPC array. The server answered 429 without Retry-After.',
    });
  });
});

describe('rate-limiting in the lab', () => {
  const inLab = (criterion: string, wire: WireEvidence) =>
    judgeCriterion(row, criterion, {
      lab: labOf({ 'rate-limit': { ran: true, history: { launch: launchOf(), wire } } }),
    });

  it('judges the burst of the lab as any other, and believes it more', () => {
    expect(inLab('limited', pressed(undefined))).toMatchObject({ verdict: 'fail', proof: 'proven' });
    const followUps = [
      followed('second-client', served, { from: '127.0.0.2' }),
      followed('first-client', tooMany),
      ...forgeries(tooMany, 1),
    ];
    const wire = pressed(tooMany, { followUps });
    for (const criterion of ['limited', 'per-client', 'unforgeable', 'retry-after']) {
      expect(inLab(criterion, wire)).toMatchObject({ verdict: 'pass', proof: 'proven' });
    }
    const lab = labOf({ 'rate-limit': { ran: true, history: { launch: launchOf(), wire } } });
    expect(judgeRow(row, { wire: pressed(undefined), lab })).toMatchObject({
      verdict: 'partial',
      contradictions: [expect.stringContaining('and limited none')],
    });
  });

  it('takes a moved clock for what it is', () => {
    const later = (outcome: Answer) =>
      inLab(
        'recovers',
        pressed(answer(429, '', { 'retry-after': '60' }), {
          followUps: [followed('recovered', outcome, { waitedMs: 61_000, clock: 'simulated' })],
        }),
      );
    expect(later(served)).toMatchObject({
      verdict: 'pass',
      finding:
        '61.0 s later on a simulated clock, as Retry-After asked: POST /mcp → 200 in 4 ms. The server served the client again.',
    });
    expect(later(tooMany)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('"limits"'),
    });
  });

  it('is unknown where the server served no client, or the experiment did not run', () => {
    expect(inLab('limited', { ...pressed(undefined), clients: [] }).verdict).toBe('inconclusive');
    const lab = labOf({ 'rate-limit': { ran: false, reason: 'No.', help: 'Do.' } });
    expect(judgeCriterion(row, 'recovers', { lab })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'No. Do.',
    });
  });
});
