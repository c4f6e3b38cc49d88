import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { type Format, formats } from '../../src/report/formats.ts';
import { dockerfile, known, project, service, stage } from '../support/evidence.ts';
import { reportOf } from '../support/reports.ts';

const evidence: Evidence = {
  project: project({
    dockerfiles: [dockerfile([stage('node:24-slim', { user: known('node') })])],
    services: [service({ restart: known('no') })],
  }),
  attested: {
    'log-aggregation/collector-declared': 'Datadog on every node',
    'restart-policy/declared': 'systemd restarts it',
    'non-root-user/image-user': 'the platform sets a user',
    // Not in the profile "checklist".
    'metrics/exposed': 'the mesh measures',
    // Saved evidence may have been edited.
    'upstream-timeouts/stalled-headers': 'trust me',
  },
  notices: [],
};
const report = reportOf(evidence);

describe('the attestations in a report', () => {
  it('are those about judged rows, with what decided', () => {
    expect(report.attestations).toEqual([
      {
        row: 'non-root-user',
        criterion: 'image-user',
        statement: 'the platform sets a user',
        verdict: 'pass',
        proof: 'declared',
      },
      {
        row: 'restart-policy',
        criterion: 'declared',
        statement: 'systemd restarts it',
        verdict: 'fail',
        proof: 'declared',
      },
      {
        row: 'log-aggregation',
        criterion: 'collector-declared',
        statement: 'Datadog on every node',
        verdict: 'pass',
        proof: 'attested',
      },
    ]);
  });

  it('fail where other evidence contradicts them', () => {
    const row = report.rows.find(({ id }) => id === 'restart-policy');
    expect(row).toMatchObject({ verdict: 'fail', proof: 'declared' });
    expect(row?.contradictions).toEqual([
      expect.stringContaining('the configuration says "Attested: systemd restarts it", but the files say'),
    ]);
  });

  it.each(Object.entries<Format>(formats))('are listed as %s, each with its role', (name, { write }) => {
    const text = write(report, { columns: 200, colour: 0 });
    const none = write(reportOf({ ...evidence, attested: {} }), { columns: 200, colour: 0 });
    if (name === 'badge') {
      expect(text).toContain('(1 attested)');
      expect(none).not.toContain('attested');
      return;
    }
    for (const statement of Object.values(evidence.attested ?? {}).slice(0, 3))
      expect(text).toContain(statement);
    expect(text).not.toContain('the mesh measures');
    if (name === 'json' || name === 'sarif') return;
    expect(text).toContain('log-aggregation/collector-declared (decided): Datadog on every node');
    expect(text).toContain('restart-policy/declared (contradicted, declared): systemd restarts it');
    expect(text).toContain('non-root-user/image-user (not needed, declared): the platform sets a user');
    expect(none).not.toContain('ttested');
  });
});
