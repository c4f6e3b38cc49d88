import { afterAll, describe, expect, test } from 'vitest';
import { profiles } from '../../../src/checklist/checklist.ts';
import type { WireEvidence } from '../../../src/evidence/wire.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { startSseServer } from '../../servers/http-sse.ts';
import { type PressedDefects, secondToken, startPressedServer } from '../../servers/pressed.ts';
import { startStatefulServer } from '../../servers/stateful.ts';
import { judgeRow } from '../../support/rows.ts';
import { collect, using } from './support.ts';

const cost: string[] = [];
afterAll(() => {
  process.stdout.write(`${['requests and milliseconds of a whole pass', ...cost].join('\n  ')}\n`);
});

/** Nothing passes that only a limit of valid requests shows. */
const failuresOnly = {
  limited: expect.not.stringMatching('pass'),
  'retry-after': expect.not.stringMatching('pass'),
  'per-client': 'inconclusive',
  unforgeable: 'inconclusive',
  recovers: 'inconclusive',
};

/** Presses a server and says what is thought of each criterion. */
async function press(
  defects: PressedDefects,
  options: { anonymous?: boolean; timeoutMs?: number; otherToken?: string } = {},
): Promise<{ evidence: WireEvidence; verdicts: Record<string, string> }> {
  const evidence = await collect(await using(startPressedServer(defects)), { burst: true, ...options });
  return { evidence, verdicts: verdictsOf(evidence) };
}

function verdictsOf(evidence: WireEvidence): Record<string, string> {
  const rows = ['rate-limiting', 'connection-limits', 'metrics'].map((id) =>
    judgeRow(id, { wire: evidence }),
  );
  return Object.fromEntries(
    rows.flatMap(({ criteria }) => criteria.map(({ id, verdict }) => [id, verdict] as const)),
  );
}

describe('a limit', () => {
  test('that is per client, true and not to be forged passes', async () => {
    const { evidence, verdicts } = await press({ limitBy: 'address', window: 2 });
    expect(verdicts).toMatchObject({
      limited: 'pass',
      'retry-after': 'pass',
      'per-client': 'pass',
      unforgeable: 'pass',
      'counts-calls': 'pass',
      recovers: 'pass',
    });
    expect(evidence.burst?.limited?.retryAfterSeconds).toBe(2);
    expect(evidence.burst?.limited?.after).toBeGreaterThanOrEqual(70);
    expect(evidence.burst?.followUps.map(({ kind, header, from }) => header ?? from ?? kind)).toEqual([
      '127.0.0.2',
      'first-client',
      '127.0.0.2',
      'x-forwarded-for',
      'x-real-ip',
      'forwarded',
      'recovered',
    ]);
  });

  test.each<[string, PressedDefects, string, string]>([
    ['of each credential passes', {}, secondToken, 'pass'],
    ['of each address passes', { limitBy: 'address' }, secondToken, 'pass'],
    ['for all clients together fails', { limitBy: 'nothing' }, secondToken, 'fail'],
    ['is not judged by a client that is unknown', {}, 'token-of-nobody-0123456789', 'inconclusive'],
  ])('with a second client: one %s', async (_what, defects, otherToken, verdict) => {
    const { evidence, verdicts } = await press({ window: 60, ...defects }, { otherToken });
    expect(verdicts).toMatchObject({ limited: 'pass', 'per-client': verdict });
    const [asked] = evidence.exchanges.filter(({ request }) => request.credential === 'other');
    expect(asked?.request.headers.authorization).toBe('Bearer ***');
    expect(JSON.stringify(evidence)).not.toContain(otherToken);
  });

  test.each<[string, PressedDefects, Record<string, string>]>([
    [
      'by the credential, of which there is one',
      { window: 2 },
      { 'per-client': 'inconclusive', recovers: 'pass' },
    ],
    ['that is none', { limit: 0 }, { limited: 'fail', recovers: 'inconclusive' }],
    ['for all clients together', { open: true, limitBy: 'nothing' }, { 'per-client': 'fail' }],
    ['by the first entry of X-Forwarded-For', { limitBy: 'leftmost' }, { unforgeable: 'fail' }],
    ['by the entry that a proxy adds', { limitBy: 'rightmost' }, { unforgeable: 'pass' }],
    ['by X-Real-IP, which a proxy may set', { limitBy: 'x-real-ip' }, { unforgeable: 'inconclusive' }],
    ['without Retry-After', { retryAfter: 'missing' }, { 'retry-after': 'fail', recovers: 'inconclusive' }],
    ['with a Retry-After that says nothing', { retryAfter: 'garbled' }, { 'retry-after': 'fail' }],
    ['that never ends', { retryAfter: 'broken', window: 1 }, { 'retry-after': 'fail', recovers: 'fail' }],
    ['of a minute', { window: 60 }, { 'retry-after': 'pass', recovers: 'inconclusive' }],
    ['that answers 403', { refusal: 'forbidden' }, { limited: 'fail', 'retry-after': 'inconclusive' }],
    ['that is a JSON-RPC error', { refusal: 'error' }, { limited: 'pass', 'retry-after': 'fail' }],
    ['that answers 503', { refusal: 'unavailable' }, { limited: 'inconclusive' }],
    ['that closes the connection', { refusal: 'closed' }, { limited: 'inconclusive' }],
    ['of refused credentials only', { countsFailuresOnly: true, window: 60 }, { limited: 'inconclusive' }],
    // The server refused other requests before, and may count those alone.
    [
      'met before the burst',
      { limit: 12, window: 60 },
      { limited: 'inconclusive', 'many-streams': 'inconclusive' },
    ],
    ['met by the streams', { limit: 40 }, { limited: 'inconclusive', 'many-streams': 'inconclusive' }],
    ['met before the burst, for a second', { limit: 12, window: 1 }, { limited: 'pass', recovers: 'pass' }],
    ['of failures only, met before the burst', { limitsFailuresOnly: true, limit: 20 }, failuresOnly],
    ['of failures only, met by requests in flight', { limitsFailuresOnly: true, limit: 35 }, failuresOnly],
    ['of failures only, not met', { limitsFailuresOnly: true, limit: 100 }, { limited: 'fail' }],
  ])('%s', async (_what, defects, expected) => {
    const { verdicts } = await press(defects, { anonymous: defects.open === true });
    expect(verdicts).toMatchObject(expected);
  });

  test.each([1, 2, 3])('of %i, which the audit exceeds at once, fails nothing', async (limit) => {
    const failedWith = async (defects: PressedDefects) => {
      const wire = await collect(await using(startPressedServer({ window: 60, ...defects })), {
        burst: true,
      });
      return profiles.extended.flatMap(({ id }) =>
        judgeRow(id, { wire })
          .criteria.filter(({ verdict }) => verdict === 'fail')
          .map((criterion) => `${id}/${criterion.id}`),
      );
    };
    const usual = await failedWith({});
    expect((await failedWith({ limit })).filter((failed) => !usual.includes(failed))).toEqual([]);
  });

  test('of no server that serves this client', async () => {
    const { evidence, verdicts } = await press({}, { anonymous: true });
    expect(evidence.burst).toBeNull();
    expect(verdicts).toMatchObject({ limited: 'inconclusive', 'many-streams': 'inconclusive' });
  });

  test('is not asked for with --no-burst', async () => {
    const server = await using(startPressedServer({ limit: 0 }));
    const evidence = await collect(server);
    expect(evidence).toMatchObject({ burst: null, streams: null });
    expect(server.requests.length).toBeLessThan(60);
  });
});

describe('arrays of requests', () => {
  test.each<[string, PressedDefects, string]>([
    ['that count one by one', { window: 2 }, 'pass'],
    ['that count one by one, as the server says', { window: 60, tellsRemaining: true }, 'pass'],
    ['that are refused', { window: 60, arrays: 'refused' }, 'pass'],
    ['that count as one request', { window: 2, arrays: 'as-one' }, 'fail'],
    [
      'that count as one request, as the server says',
      { window: 60, arrays: 'as-one', tellsRemaining: true },
      'fail',
    ],
    ['before a limit of a minute', { window: 60, arrays: 'as-one' }, 'inconclusive'],
    ['before no limit', { limit: 0, arrays: 'as-one' }, 'inconclusive'],
  ])('%s', async (_what, defects, expected) => {
    const { evidence, verdicts } = await press(defects);
    const { 'counts-calls': verdict, ...others } = verdicts;
    expect(verdict).toBe(expected);
    const { arrays: _arrays, ...without } = defects;
    expect(others).toEqual({ ...(await press(without)).verdicts, 'counts-calls': undefined });
    const requests = evidence.arrays?.many?.map(({ length }) => length ?? 0) ?? [];
    expect(requests.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(120);
    expect(evidence.exchanges.length).toBeLessThanOrEqual(200);
  });

  test('that are refused are seen without a burst, which says nothing about a limit', async () => {
    const evidence = await collect(await using(startPressedServer({ arrays: 'refused' })));
    expect(verdictsOf(evidence)).toMatchObject({ 'counts-calls': 'pass', limited: 'inconclusive' });
    expect(judgeRow('rate-limiting', { wire: evidence }).verdict).toBe('unknown');
  });
});

describe('streams', () => {
  test.each<[string, PressedDefects, string]>([
    ['are held while a call is answered', {}, 'pass'],
    ['are closed beyond the tenth', { tenStreams: 'closed' }, 'fail'],
    [
      'are refused beyond the tenth, which may be this client’s own bound',
      { tenStreams: 'unavailable' },
      'inconclusive',
    ],
    ['keep calls from being answered', { oneAtATime: true }, 'fail'],
    ['end when a call comes', { dropsStreams: true }, 'fail'],
  ])('%s', async (_what, defects, verdict) => {
    const { evidence, verdicts } = await press(defects, { timeoutMs: 1_500 });
    expect(evidence.streams?.wanted).toBeGreaterThanOrEqual(24);
    expect(verdicts).toMatchObject({ 'many-streams': verdict });
  });
});

describe('metrics', () => {
  test.each<[string, PressedDefects['metrics'], string]>([
    ['of requests, errors and duration', undefined, 'pass'],
    ['of the process only', 'process', 'fail'],
    ['of requests without their duration', 'unfinished', 'inconclusive'],
    ['that are the page of an app', 'page', 'inconclusive'],
    ['behind a credential', 'guarded', 'inconclusive'],
    ['that are not there', 'missing', 'inconclusive'],
  ])('%s', async (_what, metrics, verdict) => {
    const evidence = await collect(await using(startPressedServer(metrics === undefined ? {} : { metrics })));
    expect(verdictsOf(evidence)).toMatchObject({ exposed: verdict });
  });
});

test.each([
  ['both eras', () => startDualEraServer()],
  ['both eras and HTTP+SSE', () => startDualEraServer({ sse: 'guarded', resourceMetadata: true })],
  ['both eras, open, and HTTP+SSE', () => startDualEraServer({ open: true, sse: 'forgotten' })],
  ['sessions', () => startStatefulServer()],
  ['sessions and HTTP+SSE', () => startStatefulServer({ sse: true })],
  ['sessions and HTTP+SSE, open', () => startStatefulServer({ sse: true, open: true })],
  ['HTTP+SSE', () => startSseServer()],
  ['a limit', () => startPressedServer()],
])('under forty requests for each credential, and two hundred with the burst: %s', async (what, start) => {
  for (const anonymous of [false, true]) {
    const quiet = await collect(await using(start()), { anonymous });
    for (const credential of ['none', 'wrong', 'given']) {
      const sent = quiet.exchanges.filter(({ request }) => request.credential === credential);
      expect(sent.length).toBeLessThan(40);
    }
    const started = performance.now();
    const pressed = await collect(await using(start()), { anonymous, burst: true });
    expect(pressed.exchanges.length).toBeLessThanOrEqual(200);
    const who = anonymous ? 'anonymous' : 'with a token';
    cost.push(
      `${what}, ${who}: ${quiet.exchanges.length} + ${pressed.exchanges.length - quiet.exchanges.length}, ${Math.round(performance.now() - started)}`,
    );
  }
});
