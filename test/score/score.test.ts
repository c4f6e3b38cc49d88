import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { evaluate, isShown, type RowResult } from '../../src/score/evaluate.ts';
import { judgeGate } from '../../src/score/gate.ts';
import { obstacle } from '../../src/score/obstacle.ts';
import { assess } from '../../src/score/score.ts';
import {
  answer,
  dockerfile,
  failure,
  known,
  project,
  recordWire,
  service,
  stage,
} from '../support/evidence.ts';

const good = project({
  dockerfiles: [dockerfile([stage('node:24', { user: known('node') })])],
  services: [service({ restart: known('always'), capDrop: ['ALL'], noNewPrivileges: true })],
});
const rootful = { ...good, dockerfiles: [dockerfile([stage('node:24')])] };
const assessed = (files = good) => assess('checklist', { project: files, notices: [] });

describe('the score', () => {
  it('counts all applicable rows and rounds down', () => {
    // Half of the user and of the restarts, two fifths of the secrets: 14 of 80.
    expect(assessed()).toMatchObject({
      score: 17,
      coverage: 17,
      points: { earned: 14, lost: 0, unassessed: 66, possible: 80 },
      ready: false,
    });
    expect(assessed(rootful)).toMatchObject({
      score: 11,
      coverage: 23,
      points: { earned: 9, lost: 10, unassessed: 61, possible: 80 },
    });
  });

  it('earned, lost and unassessed points are the possible ones', () => {
    for (const { points } of [assessed(), assessed(rootful), assess('extended', { notices: [] })]) {
      expect(points.earned + points.lost + points.unassessed).toBeCloseTo(points.possible, 9);
    }
  });

  it('is null when no row was assessed', () => {
    expect(assess('checklist', { notices: [] })).toMatchObject({
      score: null,
      ready: false,
      coverage: 0,
    });
  });

  it('judges more rows in the extended profile', () => {
    expect(assess('extended', { notices: [] }).rows).toHaveLength(21);
  });
});

describe('readiness', () => {
  const readiness = (change: (rows: RowResult[]) => void) => {
    const rows = profiles.checklist.map((row) => ({ ...evaluate(row, { notices: [] }), row }));
    change(rows);
    return rows.filter(({ row }) => row.level === 'required').every(isShown);
  };
  const passed = (row: RowResult) => Object.assign(row, { verdict: 'pass', seen: { core: 2, of: 2 } });

  it.each([
    ['every required row passes', true, {}],
    ['one failed an extra', true, { verdict: 'partial' }],
    ['of one a core criterion was not seen', false, { verdict: 'partial', seen: { core: 1, of: 2 } }],
    ['one failed', false, { verdict: 'fail' }],
    ['one is unknown', false, { verdict: 'unknown', seen: { core: 0, of: 2 } }],
  ] as const)('%s: %s', (_, ready, change) => {
    expect(readiness((rows) => Object.assign(rows.map(passed)[0] ?? {}, change))).toBe(ready);
  });
});

describe('what would earn the rest', () => {
  const steps = (evidence: Partial<Evidence>) => assess('checklist', { notices: [], ...evidence }).earnable;

  it('is the evidence that the audit does not have, with the most that it can earn', () => {
    expect(steps({ project: good })).toEqual([
      { step: 'lab', points: expect.closeTo(60.17) },
      { step: 'url', points: expect.closeTo(13) },
      { step: 'attest', points: 7.5 },
      { step: 'declare', points: 4.5 },
    ]);
    expect(steps({ wire: recordWire().wire }).map(({ step }) => step)).toEqual(['lab', 'project', 'attest']);
  });

  it('is never what was lost', () => {
    expect(steps({ project: rootful })[0]).toEqual({ step: 'lab', points: expect.closeTo(55.17) });
  });

  it('is at most what was not assessed', () => {
    for (const evidence of [{}, { project: good }, { project: good, wire: recordWire().wire }]) {
      const { earnable, points } = assess('extended', { notices: [], ...evidence });
      for (const step of earnable) expect(step.points).toBeLessThanOrEqual(points.unassessed + 1e-9);
    }
  });
});

describe('a selection of rows', () => {
  const select = (selection: Parameters<typeof assess>[2], files = good) =>
    assess('checklist', { project: files, notices: [] }, selection);

  it('is the base of score and coverage', () => {
    expect(select({ only: ['non-root-user'] }, rootful)).toMatchObject({
      score: 0,
      coverage: 100,
      points: { possible: 10 },
    });
    expect(select({ skip: ['non-root-user'] }, rootful)).toMatchObject({
      score: 12,
      coverage: 12,
      points: { possible: 70 },
    });
  });

  it('is never ready without a required row', () => {
    expect(select({ only: ['non-root-user'] })).toMatchObject({ score: 50, ready: false });
    expect(select({ only: ['non-root-user'] }).leftOut).toHaveLength(9);
  });
});

describe('the gate', () => {
  it('is null without a demand', () => {
    expect(judgeGate({}, assessed())).toBeNull();
    expect(judgeGate({ require: [] }, assessed())).toBeNull();
  });

  it.each([
    [{ minScore: 17 }, true],
    [{ minScore: 18 }, false],
    [{ require: ['non-root-user'] }, false],
    [{ require: ['health-endpoint'] }, false],
    [{ failOn: 'recommended' }, true],
    [{ minCoverage: 17 }, true],
    [{ minCoverage: 18 }, false],
  ] as const)('%j on a good project: %s', (gate, passed) => {
    expect(judgeGate(gate, assessed())?.passed).toBe(passed);
  });

  it.each([
    [{ minScore: 11 }, true],
    [{ minScore: 12 }, false],
    [{ require: ['non-root-user'] }, false],
    [{ failOn: 'required' }, false],
  ] as const)('%j on a project whose image is root: %s', (gate, passed) => {
    expect(judgeGate(gate, assessed(rootful))?.passed).toBe(passed);
  });

  it('requires that all of a row was seen', () => {
    const gate = judgeGate({ require: ['non-root-user'] }, assessed());
    expect(gate?.reasons).toEqual([
      'The gate requires non-root-user to pass; its verdict is partial: 1 of 2 core criteria were assessed.',
    ]);
    const [row] = assessed().rows;
    const whole = { ...row, verdict: 'partial', seen: { core: 2, of: 2 } };
    expect(
      judgeGate({ require: ['non-root-user'] }, { ...assessed(), rows: [whole as RowResult] })?.passed,
    ).toBe(true);
  });

  it('is not met without a score', () => {
    expect(judgeGate({ minScore: 0 }, assess('checklist', { notices: [] }))).toEqual({
      passed: false,
      reasons: ['No row could be assessed; the gate requires a score of 0.'],
    });
  });
});

describe('the reason why a target could not be assessed', () => {
  function reach(outcome: ReturnType<typeof answer> | ReturnType<typeof failure>, credentialGiven = false) {
    const recorder = recordWire({ credentialGiven, clients: [] });
    const id = recorder.exchange(outcome, { durationMs: 5000 });
    recorder.connect({}, { exchanges: [id], outcome: { connected: false, reason: 'http', message: '' } });
    const evidence = { wire: recorder.wire, notices: [] };
    return obstacle(evidence, assess('checklist', evidence));
  }

  it.each([
    [failure('refused'), /Nothing listens on 127\.0\.0\.1:3000/],
    [failure('unknown-host'), /The host name \S+ could not be resolved/],
    [failure('timeout'), /no response within 5000 ms/],
    [failure('tls', 'self-signed certificate'), /TLS connection .* failed: self-signed certificate/],
    [failure('reset'), /closed the connection/],
    [failure('protocol'), /does not speak HTTP/],
    [
      answer(200, '<html>', { 'content-type': 'text/html; charset=utf-8' }),
      /is not an MCP endpoint: it answered 200 \(text\/html\)/,
    ],
    [answer(401), /the server requires a credential/],
    [answer(429), /the server limits requests/],
    [answer(302), /answered 302, a redirect/],
    [answer(500), /answered 500 to every MCP client/],
  ])('%o', (outcome, what) => {
    expect(reach(outcome)?.what).toMatch(what);
  });

  it.each([
    ['nginx', '<center>The plain HTTP request was sent to HTTPS port</center>'],
    ['Go', 'Client sent an HTTP request to an HTTPS server.\n'],
    ['Apache', "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"],
  ])('recommends https when %s rejects plain HTTP', (_, body) => {
    expect(reach(answer(400, body))).toMatchObject({
      what: expect.stringContaining('the port expects TLS'),
      next: 'Use https://127.0.0.1:3000/mcp',
    });
    expect(reach(answer(400, 'Bad Request'))?.what).toMatch(/is not an MCP endpoint/);
  });

  it('recommends http when the port does not speak TLS', () => {
    expect(reach(failure('tls', 'wrong version number'))?.next).toMatch(/use http:/);
    expect(reach(failure('tls', 'certificate has expired'))?.next).toMatch(/Replace the certificate/);
  });

  it('names the Host of the user when the server refuses it', () => {
    const { wire, exchange } = recordWire({ clients: [] });
    exchange(answer(403));
    const [sent] = wire.exchanges;
    if (sent) sent.request.headers.host = 'weather.example';
    const evidence = { wire, notices: [] };
    expect(obstacle(evidence, assess('checklist', evidence))?.what).toBe(
      'http://127.0.0.1:3000/mcp answered 403 to "Host: weather.example" (from --header).',
    );
  });

  it('separates a refused credential from a missing one', () => {
    expect(reach(answer(401), true)?.what).toMatch(/did not accept the credential/);
  });

  it('separates a buffered event stream from a missing page', () => {
    const { wire, exchange, connect } = recordWire({ clients: [], url: 'http://127.0.0.1:3000/sse' });
    const id = exchange(answer(404), { path: '/sse' });
    exchange(failure('timeout'), { method: 'GET', path: '/sse', durationMs: 5000 });
    connect({}, { exchanges: [id], outcome: { connected: false, reason: 'http', message: '' } });
    const evidence = { wire, notices: [] };
    expect(obstacle(evidence, assess('checklist', evidence))).toMatchObject({
      what: 'http://127.0.0.1:3000/sse answered 404 to POST and sent no response to GET within 5000 ms.',
      next: expect.stringContaining('proxy_buffering off'),
    });
  });

  it('keeps the responses of an unreachable server out of every verdict', () => {
    const { wire, health } = recordWire({ clients: [] });
    health('/health', answer(404));
    expect(assess('extended', { wire, notices: [] })).toMatchObject({ coverage: 0, score: null });
  });

  it('is null when a client connected', () => {
    const { wire, health } = recordWire();
    health('/health', answer(404));
    const evidence = { wire, notices: [] };
    expect(obstacle(evidence, assess('checklist', evidence))).toBeNull();
  });

  it('is given for an unreachable server, although its files could be judged', () => {
    const { wire, exchange } = recordWire({ clients: [] });
    exchange(failure('refused'));
    const evidence = { wire, project: good, notices: [] };
    expect(obstacle(evidence, assess('checklist', evidence))?.what).toMatch(/Nothing listens/);
  });
});
