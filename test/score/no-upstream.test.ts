import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import type { LabEvidence } from '../../src/evidence/lab/lab.ts';
import { project } from '../support/evidence.ts';
import { askedOf, baselineOf, labOf, launchOf, quietGateway } from '../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../support/rows.ts';

const noUpstream = true as const;
const says = 'The configuration says that the server calls no upstream';

/** The rows and criteria that are about upstreams, as "row/criterion". */
const about = profiles.extended.flatMap((row) =>
  row.criteria
    .filter((criterion) => (criterion.about ?? row.about) === 'upstream')
    .map(({ id }) => [row.id, id] as const),
);

/** A lab that recorded this baseline. */
const labWith = (
  baseline: Parameters<typeof baselineOf>[0] = {},
  experiments: LabEvidence['experiments'] = {},
) => labOf(experiments, { credential: 'MCP_API_KEY', baseline: baselineOf(baseline) });

describe('a server that calls no upstream, as the configuration says', () => {
  it('leaves whole rows and single criteria out', () => {
    expect([...new Set(about.map(([row]) => row))].sort()).toEqual([
      'error-alerting',
      'graceful-shutdown',
      'health-endpoint',
      'response-caching',
      'secrets-in-environment',
      'structured-logging',
      'upstream-timeouts',
    ]);
    const all = { project: project(), lab: labWith(), noUpstream };
    for (const [row, criterion] of about) {
      expect(judgeCriterion(row, criterion, all), `${row}/${criterion}`).toMatchObject({
        verdict: 'not-applicable',
        reason: `${says}. In the lab it sent no upstream request.`,
      });
    }
    for (const row of ['response-caching', 'upstream-timeouts']) {
      expect(judgeRow(row, all)).toMatchObject({ verdict: 'not-applicable', points: { unassessed: 0 } });
    }
  });

  it('is believed without a lab, and where the lab could not look', () => {
    const { reason } = judgeCriterion('upstream-timeouts', 'recovers', { noUpstream });
    expect(reason).toBe(`${says}.`);
    const interposition = { hellos: [], redirected: [], direct: [], exits: [] };
    expect(
      judgeCriterion('upstream-timeouts', 'recovers', { noUpstream, lab: labWith({ interposition }) }).reason,
    ).toBe(`${says}. The lab could not check this: it could not instrument the server.`);
    expect(
      judgeCriterion('upstream-timeouts', 'recovers', { noUpstream, lab: labWith({ calls: [] }) }).reason,
    ).toBe(`${says}. The lab could not check this: no call had a result.`);
  });

  it('is unknown where connections bypassed the gateway', () => {
    const interposition = {
      hellos: [{ pid: 101, runtime: 'node' as const }],
      redirected: [],
      direct: [{ pid: 101, host: 'db.test', port: 5432 }],
      exits: [],
    };
    expect(judgeRow('upstream-timeouts', { noUpstream, lab: labWith({ interposition }) }).verdict).toBe(
      'unknown',
    );
  });

  it('is judged by evidence where there is any', () => {
    const lab = labWith(
      {},
      {
        shutdown: {
          ran: true,
          history: {
            launch: launchOf(),
            calls: [
              {
                tool: 't',
                arguments: {},
                sentMs: 100,
                endedMs: 900,
                outcome: { kind: 'http-error', status: 502, message: '' },
              },
            ],
            notHeld: null,
            requests: [],
            requestsEveryMs: 400,
            gateway: quietGateway,
            stream: null,
            idleConnection: null,
            signalMs: 500,
            waitedUntilMs: 1_000,
            left: { atMs: 1_000, processes: [], accepts: false },
            leftAfterwards: { atMs: 1_000, processes: [], accepts: false },
          },
        },
      },
    );
    expect(judgeCriterion('graceful-shutdown', 'call-finishes', { noUpstream, lab }).verdict).toBe('fail');
  });
});

describe('a configuration that is wrong about that', () => {
  const gateway = { ...quietGateway, requests: [askedOf({ host: 'api.example.com', path: '/v1' })] };
  const failed = {
    ...quietGateway,
    failedConnections: [{ atMs: 7, host: 'api.example.com', reason: 'unknown ca' }],
  };

  it.each([
    ['sent a request in the baseline', labWith({ gateway }), 'sent GET api.example.com/v1'],
    [
      'sent a request in an experiment',
      labWith({}, { logging: { ran: true, history: { gateway } as never } }),
      'sent GET api.example.com/v1',
    ],
    ['did not trust the gateway', labWith({ gateway: failed }), 'connected to api.example.com'],
  ])('is contradicted by a server that %s', (_, lab, did) => {
    for (const row of ['response-caching', 'upstream-timeouts']) {
      const finding = `${says}, but in the lab it ${did}.`;
      expect(judgeRow(row, { noUpstream, lab })).toMatchObject({
        verdict: 'fail',
        proof: 'proven',
        contradictions: [finding],
        criteria: [
          { verdict: 'fail', finding, sources: [{ text: did }] },
          ...judgeRow(row, { lab }).criteria.slice(1),
        ],
      });
    }
    const usual = judgeRow('health-endpoint', { lab }).criteria;
    expect(judgeRow('health-endpoint', { noUpstream, lab }).criteria).toEqual(usual);
  });
});
