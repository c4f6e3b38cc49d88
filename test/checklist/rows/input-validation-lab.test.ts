import { describe, expect, it } from 'vitest';
import type { CallOutcome, CallRecord } from '../../../src/evidence/lab/client.ts';
import type { LabEvidence } from '../../../src/evidence/lab/lab.ts';
import { answer, recordWire } from '../../support/evidence.ts';
import {
  askedOf,
  baselineOf,
  callOf,
  labOf,
  launchOf,
  pollOf,
  quietGateway,
} from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const trace = 'Error: x at Object.<anonymous> (/app/dist/weather.js:10:5)';
const error = (text: string, detail?: string): CallOutcome => ({
  kind: 'result',
  isError: true,
  text,
  ...(detail !== undefined && { detail }),
});
const clean = callOf({ outcome: error('GET /v1/weather at api.weather.test: status 503') });

/** A lab in which an upstream failed, with these calls. */
const labWith = (calls: CallRecord[], lab: Partial<LabEvidence> = {}): LabEvidence =>
  labOf(
    {
      'failing-upstream': {
        ran: true,
        history: {
          instances: [
            {
              failures: [{ fault: 'reset', calls: calls.map((call) => ({ ...call, role: 'failing' })) }],
              launch: launchOf(),
              gateway: quietGateway,
            },
          ],
          boundMs: 20_000,
        },
      },
    },
    lab,
  );
const judge = (lab: LabEvidence, wire?: ReturnType<typeof recordWire>['wire']) =>
  judgeCriterion('input-validation', 'leaks-nothing', { lab, ...(wire && { wire }) });

/** A wire audit whose client was served, and got one error. */
function audited(body: string) {
  const { wire, exchange } = recordWire();
  const access = { purpose: 'tools/list', credential: 'given', reply: { kind: 'result' } } as const;
  wire.endpoints.push({
    url: 'https://mcp.example.com/mcp',
    path: '/mcp',
    access: [{ ...access, exchange: exchange(answer(200)) }],
  } as never);
  wire.malformed.push({
    kind: 'broken-json',
    exchange: exchange(answer(400, body)),
    reply: { kind: 'other' },
  });
  return wire;
}

describe('errors in the lab leak nothing', () => {
  it('where none has a stack trace, a path or a key', () => {
    expect(judge(labWith([clean]))).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: 'The server sent 1 error. None contains a stack trace, a path or a key.',
    });
    expect(judge(labWith([callOf()])).reason).toBe('The server sent no error response.');
  });

  it('or fail with what leaked, from which call', () => {
    const { finding, verdict, sources } = judge(labWith([clean, callOf({ outcome: error(trace) })]));
    expect([verdict, finding]).toEqual([
      'fail',
      'The server answered a get_weather call with a tool error. The error contains a JavaScript stack trace ("at Object.<anonymous> (/app/dist/weather.js:10:5)").',
    ]);
    expect(sources).toEqual([expect.objectContaining({ experiment: 'failing-upstream', atMs: 520 })]);
  });

  it.each<[string, Partial<CallRecord>]>([
    [
      'the data of a JSON-RPC error',
      { outcome: { kind: 'protocol-error', code: 1, message: 'x', detail: trace } },
    ],
    ['structured content', { outcome: error('x', JSON.stringify({ stack: trace })) }],
    [
      'the page of a status',
      { outcome: { kind: 'http-error', status: 500, message: 'HTTP 500', detail: trace } },
    ],
    ['a canary', { outcome: error('x'), canaries: ['WEATHER_API_KEY'] }],
    ['a path', { outcome: error("EACCES: permission denied, open '/data/cities.json'") }],
  ])('or fail for %s', (_, call) => {
    expect(judge(labWith([callOf(call)])).verdict).toBe('fail');
  });

  it('in health responses and lists too', () => {
    const poll = pollOf(503);
    const leaking = { ...poll, outcome: { ...poll.outcome, body: JSON.stringify({ error: trace }) } };
    const health = (polls: (typeof leaking)[]) =>
      judge(labWith([clean], { baseline: baselineOf({ health: polls as never }) }));
    expect(health([leaking as never])).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(/^The server answered GET \/health with HTTP 503\./),
    });
    expect(health([poll as never]).verdict).toBe('pass');
  });

  it('whatever successful results contain', () => {
    const result = callOf({ outcome: { kind: 'result', isError: false, text: trace } });
    expect(judge(labWith([clean, result])).verdict).toBe('pass');
  });

  it('where the client sent the path, or results of the tool have paths', () => {
    const failed = error('No such file: /home/alice/notes/a.txt');
    const sent = callOf({ arguments: { path: '/home/alice/notes/a.txt' }, outcome: failed });
    expect(judge(labWith([sent])).verdict).toBe('pass');
    const other = callOf({ outcome: failed });
    expect(judge(labWith([other])).verdict).toBe('fail');
    const listed = callOf({ outcome: { kind: 'result', isError: false, text: '/home/alice/notes/b.txt' } });
    expect(judge(labWith([other, listed])).verdict).toBe('pass');
    expect(judge(labWith([callOf({ outcome: error(trace) }), listed])).verdict).toBe('fail');
  });

  it('where the path is of the upstream', () => {
    const call = callOf({ outcome: error('The upstream failed: "/app/v1/weather" gave 503') });
    const gateway = { ...quietGateway, requests: [askedOf({ path: '/app/v1/weather' })] };
    expect(judge(labWith([call])).verdict).toBe('fail');
    expect(judge(labWith([call], { baseline: baselineOf({ gateway }) })).verdict).toBe('pass');
  });

  it('unknown where no client was served', () => {
    const baseline = baselineOf({ connection: null, calls: [], health: [pollOf(404)] });
    expect(judge(labOf({}, { baseline })).reason).toMatch(/^The lab could connect no client\./);
  });
});

describe('errors of the lab and of a wire audit are judged together', () => {
  const leaking = audited('Error at serve (/app/server.js:10:5)');

  it('where the audit was of the lab’s own instance', () => {
    const own = { ownWire: true };
    expect(judge(labWith([clean], own), audited('{}'))).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: expect.stringMatching(/^The server sent 2 errors\./),
    });
    expect(judge(labWith([clean], own), leaking)).toMatchObject({ verdict: 'fail', proof: 'proven' });
  });

  it('and an audit of another instance keeps its failure', () => {
    expect(judge(labWith([clean]), audited('{}'))).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(judge(labWith([clean]), leaking)).toMatchObject({ verdict: 'fail', proof: 'observed' });
  });
});
