import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/evidence/lab/client.ts';
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

  const withSession = () => {
    const recorder = recordWire();
    recorder.endpoint({ given: answer(200) });
    recorder.wire.endpoints[0]?.access.push({
      operation: 'initialize',
      era: 'legacy',
      credential: 'given',
      exchange: recorder.exchange(answer(200, '', { 'mcp-session-id': '***' })),
      reply: { kind: 'result' },
    });
    return recorder;
  };

  it('is inconclusive for sessions: one URL does not show who shares them', () => {
    expect(judgeCriterion(row, 'sessionless', withSession()).verdict).toBe('inconclusive');
    expect(judgeCriterion(row, 'sessionless', recordWire()).verdict).toBe('inconclusive');
  });

  it('does not apply to sessions that are shared, or stay at one instance', () => {
    const shared = { ...withSession(), project: project({}), lab: labWith(served, served, served) };
    expect(judgeCriterion(row, 'sessionless', shared).verdict).toBe('not-applicable');
    expect(judgeRow(row, shared).verdict).toBe('pass');
    const affinity = known('sessionAffinity: ClientIP', 'k8s/service.yaml', 9);
    const files = project({ workloads: [workload({ replicas: known('3'), affinity })] });
    expect(judgeCriterion(row, 'sessionless', { ...withSession(), project: files }).verdict).toBe(
      'not-applicable',
    );
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
  });

  it('does not apply to one instance, or where no instances are declared', () => {
    expect(judge({ workloads: [workload({ replicas: known('1') })] })[1]).toBe('not-applicable');
    expect(judge({ services: [service()] })[1]).toBe('not-applicable');
    expect(judge({})).toEqual(['unknown', 'not-applicable']);
  });

  it('is inconclusive where a file that may deploy the server was not read', () => {
    const unread = [{ file: 'deploy/main.tf', kind: 'Terraform' }];
    expect(judge({ unread })[1]).toBe('inconclusive');
    const { build: _own, ...image } = service({ name: 'cache', replicas: known('2') });
    expect(judge({ services: [image] })[1]).toBe('inconclusive');
  });

  it('does not apply to several instances that serve each client', () => {
    const several = { project: project({ workloads: [workload({ replicas: known('3') })] }) };
    const inLab = { ...several, lab: labWith(served, served, served) };
    expect(judgeCriterion(row, 'session-affinity', inLab)).toMatchObject({
      verdict: 'not-applicable',
      reason: 'In the lab, two instances served one client in turn. The server needs no session affinity.',
    });
    const recorder = recordWire();
    recorder.endpoint({ given: answer(200) });
    expect(judgeRow(row, { ...inLab, ...recorder }).verdict).toBe('pass');
    expect(judgeCriterion(row, 'session-affinity', { ...several, ...recorder })).toMatchObject({
      verdict: 'not-applicable',
      reason: expect.stringContaining('The server served tools/list without a session'),
    });
  });
});

const served: BalancedClient = {
  instances: [0, 1],
  failure: null,
  calls: [callOf()],
  lists: [{ sentMs: 530, endedMs: 540, tools: 1 }],
  requests: [requestTo(0, 200), requestTo(1, 200)],
};

function requestTo(instance: number, status: number | null) {
  return { atMs: 500, instance, method: 'POST', status };
}

function labWith(alone: BalancedClient, ...clients: BalancedClient[]) {
  const history = { launch: launchOf(), second: launchOf(), alone, clients, calls: [] };
  return labOf({ 'round-robin': { ran: true, history } });
}

describe('horizontal-scaling: round-robin', () => {
  const lost: BalancedClient = {
    ...served,
    failure: 'HTTP 404',
    calls: [],
    lists: [],
    requests: [requestTo(0, 200), requestTo(1, 404)],
  };
  const judgeClients = (...clients: [BalancedClient, ...BalancedClient[]]) =>
    judgeCriterion(row, 'round-robin', { lab: labWith(...clients) });

  it.each<[string, BalancedClient[], string]>([
    ['answers of both', [served, served], 'pass'],
    ['a session that the other does not know', [lost, lost], 'fail'],
    ['a client that failed once', [served, lost], 'inconclusive'],
    ['no answer at all', Array(2).fill({ ...lost, requests: [requestTo(0, null)] }), 'inconclusive'],
    [
      'a rate limit',
      Array(2).fill({ ...lost, requests: [requestTo(0, 200), requestTo(1, 429)] }),
      'inconclusive',
    ],
    ['one of them never asked', Array(2).fill({ ...served, requests: [requestTo(0, 200)] }), 'inconclusive'],
  ])('with %s: %s', (_, clients, verdict) => {
    expect(judgeClients(served, ...clients).verdict).toBe(verdict);
  });

  const failingWith = (outcome: CallRecord['outcome']): BalancedClient => ({
    ...served,
    calls: [callOf({ outcome })],
  });
  const toolError = (text: string) => failingWith({ kind: 'result', isError: true, text });

  it('passes when a tool fails with two instances as with one', () => {
    const failing = toolError('No such city (request 7f3a-12)');
    expect(judgeClients(failing, toolError('No such city (request 88c1-9)'), failing)).toMatchObject({
      verdict: 'pass',
      finding:
        'Two instances behind a round-robin balancer served each client in turn (2 and 2 requests). All 2 lists succeeded. 2 calls ended with an error, as with one instance (a tool error: No such city (request 7f3a-12)).',
    });
    const refused = failingWith({ kind: 'protocol-error', code: -32602, message: 'no' });
    expect(judgeClients(refused, refused, refused).verdict).toBe('pass');
    const hanging = failingWith({ kind: 'no-answer', timedOut: true, message: 'Request timed out' });
    expect(judgeClients(hanging, hanging, hanging)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining(
        'The tool did not respond with one instance either (Request timed out).',
      ),
    });
  });

  it('passes without calls, where no tool can be called', () => {
    const listing = { ...served, calls: [] };
    expect(judgeClients(listing, listing, listing)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(/All 2 lists succeeded\.$/),
    });
  });

  it('judges sessions whether or not the tool fails', () => {
    const failing = toolError('No such city');
    expect(judgeClients(failing, lost, lost).verdict).toBe('fail');
    const http = failingWith({ kind: 'http-error', status: 404, message: 'HTTP 404' });
    expect(judgeClients(failing, http, http).verdict).toBe('fail');
    const unlisted = { ...failing, lists: [{ sentMs: 530, endedMs: 540, tools: null, problem: 'HTTP 404' }] };
    expect(judgeClients(failing, unlisted, unlisted).verdict).toBe('fail');
    const unlike = toolError('Unknown session');
    expect(judgeClients(failing, unlike, unlike).verdict).toBe('inconclusive');
    expect(judgeClients(served, unlike, unlike).verdict).toBe('fail');
  });

  it('is inconclusive when a single instance behind the balancer serves no client', () => {
    expect(judgeClients(lost, lost, lost)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.not.stringContaining('"tool"'),
    });
  });
});
