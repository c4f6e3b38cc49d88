import { describe, expect, it } from 'vitest';
import type { Answer, Failure } from '../../../src/evidence/exchange.ts';
import type { DescriptorsHistory } from '../../../src/evidence/lab/descriptors.ts';
import type { McpReply, StreamsEvidence } from '../../../src/evidence/wire.ts';
import {
  answer,
  failure,
  known,
  notKnown,
  project,
  recordWire,
  service,
  workload,
} from '../../support/evidence.ts';
import { callOf, labOf, launchOf, listener, pollOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'connection-limits';

interface Seen {
  call?: Answer | Failure;
  afterwards?: Answer | Failure;
  refused?: Answer | Failure;
  streams?: Partial<StreamsEvidence>;
}

function held({ call = answer(200), afterwards, refused, streams = {} }: Seen = {}) {
  const { wire, exchange } = recordWire();
  const asked = (outcome: Answer | Failure) => ({ exchange: exchange(outcome), reply: replyOf(outcome) });
  wire.streams = {
    request: 'subscriptions/listen',
    wanted: 36,
    opened: 36,
    stayed: 36,
    first: exchange(answer(200)),
    call: asked(call),
    callAfterwards: afterwards === undefined ? null : asked(afterwards),
    refused: refused === undefined ? null : exchange(refused),
    ...streams,
  };
  return { wire };
}

function replyOf(outcome: Answer | Failure): McpReply {
  if (outcome.kind === 'failure') return { kind: 'none' };
  return outcome.status === 200 ? { kind: 'result' } : { kind: 'other' };
}

const verdict = (seen: Seen) => judgeCriterion(row, 'many-streams', held(seen)).verdict;

describe('connection-limits: many-streams', () => {
  it('passes when all streams stayed open while the server answered a call', () => {
    expect(judgeRow(row, held())).toMatchObject({ verdict: 'pass', proof: 'observed' });
  });

  it('fails when many streams cost streams or calls', () => {
    expect(verdict({ streams: { opened: 10, stayed: 10 }, refused: failure('reset') })).toBe('fail');
    expect(verdict({ streams: { stayed: 18 } })).toBe('fail');
    expect(verdict({ call: failure('timeout'), afterwards: answer(200) })).toBe('fail');
  });

  it('is inconclusive for an explicit limit, a server in trouble, and one that ends its streams', () => {
    for (const status of [409, 429, 503]) {
      expect(verdict({ streams: { opened: 10, stayed: 10 }, refused: answer(status) })).toBe('inconclusive');
    }
    expect(verdict({ call: failure('timeout'), afterwards: failure('timeout') })).toBe('inconclusive');
    expect(verdict({ call: answer(429), afterwards: answer(200) })).toBe('inconclusive');
    expect(verdict({ streams: { stayed: 0 } })).toBe('inconclusive');
    expect(verdict({ streams: { call: null } })).toBe('inconclusive');
    expect(judgeRow(row, recordWire()).verdict).toBe('unknown');
  });

  it('does not apply to a server that offers no streams', () => {
    const legacy = (options: Parameters<typeof recordWire>[0] = {}) => {
      const recorder = recordWire({ ...options, clients: [] });
      recorder.connect({ revision: '2025-11-25', revisions: [] }, { era: 'legacy', client: 'sdk-v1' });
      return recorder;
    };
    const judgeWith = (...asked: (Answer | Failure)[]) => {
      const recorder = legacy();
      recorder.endpoint({ given: answer(200) });
      for (const outcome of asked) {
        recorder.exchange(outcome, { method: 'GET' });
        const [sent] = recorder.wire.exchanges.slice(-1);
        if (sent) sent.request.headers = { accept: 'text/event-stream' };
      }
      return judgeCriterion(row, 'many-streams', recorder);
    };
    expect(judgeWith(answer(405), answer(405))).toMatchObject({
      verdict: 'not-applicable',
      reason: expect.stringMatching(/^The server offers no event streams: GET \/mcp → 405 in/),
    });
    const anonymous = legacy({ credentialGiven: false });
    anonymous.endpoint({ none: answer(200) });
    anonymous.exchange(answer(405), { method: 'GET', credential: 'none' });
    for (const { request } of anonymous.wire.exchanges) request.headers = { accept: 'text/event-stream' };
    expect(judgeCriterion(row, 'many-streams', anonymous).verdict).toBe('not-applicable');
    expect(judgeWith(answer(405), answer(429)).verdict).toBe('inconclusive');
    expect(judgeWith(answer(405), failure('timeout')).verdict).toBe('inconclusive');
    expect(judgeWith(answer(404)).verdict).toBe('inconclusive');
    expect(judgeWith().verdict).toBe('inconclusive');

    const modern = recordWire();
    modern.endpoint({ given: answer(200) });
    modern.exchange(answer(405), { method: 'GET' });
    for (const { request } of modern.wire.exchanges) request.headers = { accept: 'text/event-stream' };
    expect(judgeCriterion(row, 'many-streams', modern).verdict, 'its streams are elsewhere').toBe(
      'inconclusive',
    );

    const judgeListen = (body: string) => {
      const recorder = recordWire();
      recorder.endpoint({ given: answer(200) });
      recorder.exchange(answer(200, body));
      const [sent] = recorder.wire.exchanges.slice(-1);
      if (sent) sent.request.body = '{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}';
      return judgeCriterion(row, 'many-streams', recorder).verdict;
    };
    expect(judgeListen('{"error":{"code":-32601,"message":"Method not found"}}')).toBe('not-applicable');
    expect(judgeListen('{"error":{"code":-32603,"message":"Internal error"}}')).toBe('inconclusive');
  });
});

const judgeFiles = (files: Parameters<typeof project>[0]) =>
  judgeCriterion('connection-limits', 'descriptor-limit', { project: project(files) }).verdict;
const compose = (limit: string) => judgeFiles({ services: [service({ fileLimit: known(limit) })] });

describe('connection-limits: descriptor-limit', () => {
  it.each(['65536', '-1', 'infinity'])('passes for %s', (limit) => expect(compose(limit)).toBe('pass'));

  it.each(['1024', '256'])('fails for %s', (limit) => expect(compose(limit)).toBe('fail'));

  it('reads systemd and ECS', () => {
    for (const platform of ['systemd', 'ecs'] as const) {
      expect(judgeFiles({ workloads: [workload({ platform, fileLimit: known('65536') })] })).toBe('pass');
      expect(judgeFiles({ workloads: [workload({ platform, fileLimit: known('1024') })] })).toBe('fail');
      expect(judgeFiles({ workloads: [workload({ platform })] })).toBe('inconclusive');
    }
  });

  it.each([
    ['nothing that deploys it', {}],
    ['a service that says nothing of it', { services: [service()] }],
    [
      'a limit that only compose knows',
      { services: [service({ fileLimit: notKnown('${N}', 'N is not set') })] },
    ],
    ['a word', { services: [service({ fileLimit: known('many') })] }],
  ])('does not judge %s', (_, files) => expect(judgeFiles(files)).toBe('inconclusive'));

  it('does not apply where the platform has no such setting', () => {
    expect(judgeFiles({ workloads: [workload()] })).toBe('not-applicable');
  });
});

describe('connection-limits: survives-exhaustion', () => {
  const health = (status: number, sentMs: number) => pollOf(status, { sentMs, endedMs: sentMs + 5 });
  const calls = (outcome = callOf().outcome) => [
    callOf({ sentMs: 600, endedMs: 620 }),
    callOf({ sentMs: 3_000, endedMs: 3_020, outcome }),
  ];
  const survived: DescriptorsHistory = {
    launch: launchOf(),
    limit: 28,
    tried: 60,
    held: 8,
    openedMs: 1_000,
    closedMs: 2_500,
    exhausted: { ...listener, openFiles: 28 },
    listener,
    requests: [health(200, 500), health(200, 2_600)],
    calls: calls(),
    gateway: quietGateway,
  };
  const judgeHistory = (history: Partial<DescriptorsHistory>) =>
    judgeCriterion(row, 'survives-exhaustion', {
      lab: labOf({ descriptors: { ran: true, history: { ...survived, ...history } } }),
    }).verdict;

  it.each<[string, Partial<DescriptorsHistory>, string]>([
    ['health and a call afterwards', {}, 'pass'],
    ['health that tells of an upstream', { requests: [health(503, 500), health(503, 2_600)] }, 'pass'],
    ['a call alone', { requests: [] }, 'pass'],
    [
      'its end',
      { launch: launchOf({ exit: { atMs: 1_200, code: 1, signal: null } }), listener: null },
      'fail',
    ],
    ['a listener that is gone', { exhausted: null, listener: null }, 'fail'],
    ['health that does not come back', { requests: [health(200, 500), health(500, 20_000)] }, 'fail'],
    ['files that did not run out', { exhausted: { ...listener, openFiles: 21 } }, 'inconclusive'],
    ['no call afterwards', { calls: calls().slice(0, 1) }, 'inconclusive'],
    ['nothing served before', { calls: [], requests: [] }, 'inconclusive'],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judgeHistory(history)).toBe(verdict);
  });
});
