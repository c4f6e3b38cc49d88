import { describe, expect, it } from 'vitest';
import type { BalancedClient } from '../../../src/evidence/lab/round-robin.ts';
import { answer, known, project, recordWire, service, workload } from '../../support/evidence.ts';
import { callOf, labOf, launchOf } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'horizontal-scaling';

describe('horizontal-scaling: sessionless', () => {
  it('passes for requests without a session, which cannot carry the row', () => {
    const recorder = recordWire();
    recorder.endpoint({ given: answer(200) });
    expect(judgeCriterion(row, 'sessionless', recorder).verdict).toBe('pass');
    expect(judgeRow(row, recorder).verdict).toBe('unknown');
  });

  it('is inconclusive for sessions: one URL does not show who shares them', () => {
    const recorder = recordWire();
    recorder.endpoint({ given: answer(200) });
    recorder.wire.endpoints[0]?.access.push({
      operation: 'initialize',
      era: 'legacy',
      credential: 'given',
      exchange: recorder.exchange(answer(200, '', { 'mcp-session-id': '***' })),
      reply: { kind: 'result' },
    });
    expect(judgeCriterion(row, 'sessionless', recorder).verdict).toBe('inconclusive');
    expect(judgeCriterion(row, 'sessionless', recordWire()).verdict).toBe('inconclusive');
  });
});

const judge = (files: Parameters<typeof project>[0]) => {
  const row = judgeRow('horizontal-scaling', { project: project(files) });
  return [row.verdict, row.criteria.find(({ id }) => id === 'session-affinity')?.verdict];
};

describe('horizontal-scaling: session-affinity', () => {
  it('passes for several instances with affinity', () => {
    const affinity = known('sessionAffinity: ClientIP', 'k8s/service.yaml', 9);
    expect(judge({ workloads: [workload({ replicas: known('3'), affinity })] })).toEqual(['partial', 'pass']);
  });

  it('is inconclusive for several instances without affinity: they may share sessions', () => {
    expect(judge({ workloads: [workload({ replicas: known('3') })] })).toEqual(['unknown', 'inconclusive']);
    expect(judge({ services: [service({ replicas: known('2') })] })).toEqual(['unknown', 'inconclusive']);
    expect(judge({})).toEqual(['unknown', 'inconclusive']);
  });

  it('does not apply to one instance', () => {
    expect(judge({ workloads: [workload({ replicas: known('1') })] })[1]).toBe('not-applicable');
    expect(judge({ services: [service()] })[1]).toBe('not-applicable');
  });
});

describe('horizontal-scaling: round-robin', () => {
  const list = { sentMs: 530, endedMs: 540, tools: 1 };
  const request = (instance: number, status: number | null) => ({
    atMs: 500,
    instance,
    method: 'POST',
    status,
  });
  const served: BalancedClient = {
    instances: [0, 1],
    failure: null,
    calls: [callOf()],
    lists: [list],
    requests: [request(0, 200), request(1, 200)],
  };
  const lost: BalancedClient = {
    ...served,
    failure: 'HTTP 404',
    calls: [],
    lists: [],
    requests: [request(0, 200), request(1, 404)],
  };
  const judgeClients = (alone: BalancedClient, ...clients: BalancedClient[]) => {
    const history = { launch: launchOf(), second: launchOf(), alone, clients, calls: [] };
    return judgeCriterion(row, 'round-robin', { lab: labOf({ 'round-robin': { ran: true, history } }) });
  };

  it.each<[string, BalancedClient[], string]>([
    ['answers of both', [served, served], 'pass'],
    ['a session that the other does not know', [lost, lost], 'fail'],
    ['a client that failed once', [served, lost], 'inconclusive'],
    ['no answer at all', Array(2).fill({ ...lost, requests: [request(0, null)] }), 'inconclusive'],
    [
      'a rate limit',
      Array(2).fill({ ...lost, requests: [request(0, 200), request(1, 429)] }),
      'inconclusive',
    ],
    ['one of them never asked', Array(2).fill({ ...served, requests: [request(0, 200)] }), 'inconclusive'],
  ])('with %s: %s', (_, clients, verdict) => {
    expect(judgeClients(served, ...clients).verdict).toBe(verdict);
  });

  it('is inconclusive when a single instance behind the balancer fails as well', () => {
    const failed = callOf({ outcome: { kind: 'result', isError: true, text: 'No such city' } });
    const failing = { ...served, calls: [failed] };
    const help = /Name a tool in "tool" with arguments that work\.$/;
    expect(judgeClients(failing, failing, failing)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(help),
    });
    // Another tool would not connect either.
    expect(judgeClients(lost, lost, lost)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.not.stringMatching(help),
    });
  });
});
