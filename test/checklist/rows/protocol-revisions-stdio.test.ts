import { expect, it } from 'vitest';
import type { RevisionAttempt } from '../../../src/evidence/lab/revisions.ts';
import { baselineOf, labOf, launchOf } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const { connection } = baselineOf();
const served = {
  kind: 'speaking' as const,
  afterMs: 300,
  uid: 1000,
  processes: [101],
} satisfies RevisionAttempt['launch']['outcome'];
const launchWith = (launch: Parameters<typeof launchOf>[0]) =>
  launchOf({ port: null, portEnv: null, ...launch });
const silentFor = (afterMs: number, messages: number) =>
  launchWith({ outcome: { kind: 'silent', afterMs, processes: [101] }, messages });

const legacy: RevisionAttempt = {
  era: 'legacy',
  launch: launchWith({ outcome: served }),
  connection,
  refusal: null,
};
const refused = (launch: RevisionAttempt['launch']): RevisionAttempt => ({
  era: 'modern',
  launch,
  connection: null,
  refusal: 'MCP error -32601: Method not found',
});

function judge(criterion: string, ...attempts: RevisionAttempt[]) {
  const lab = labOf({ revisions: { ran: true, history: { attempts } } }, { transport: 'stdio' });
  const { verdict, finding, reason } = judgeCriterion('protocol-revisions', criterion, { lab });
  return [verdict, reason ?? finding];
}

it('fails over stdio only where the server serves the client of another era', () => {
  expect(judge('older-clients', legacy)).toEqual([
    'pass',
    'The official client (SDK v2, stdio, 2025 revisions only) connected with 2025-11-25.',
  ]);
  const exit = { atMs: 400, code: 1, signal: null };
  for (const [launch, verdict, text] of [
    [silentFor(350, 1), 'fail', 'did not connect: MCP error -32601: Method not found.'],
    [
      launchWith({ outcome: { kind: 'exited' }, exit }),
      'fail',
      'did not connect: the server ended with code 1.',
    ],
    [silentFor(20_000, 0), 'fail', 'did not connect: the server sent nothing within 20000 ms.'],
    [silentFor(800, 0), 'inconclusive', 'did not connect: the server sent nothing within 800 ms.'],
  ] as const) {
    expect(judge('current-revision', legacy, refused(launch))).toEqual([
      verdict,
      expect.stringContaining(text),
    ]);
    expect(judge('current-clients', legacy, refused(launch))).toEqual([
      'pass',
      'No client of 2026-07-28 connected, so a current client falls back. The official client (SDK v2, stdio, 2025 revisions only) connected with 2025-11-25.',
    ]);
  }
  expect(judge('current-clients', refused(silentFor(350, 1)))[0]).toBe('inconclusive');
  expect(judge('current-revision', legacy)[0]).toBe('inconclusive');
});
