import { describe, expect, it } from 'vitest';
import { readsLab } from '../../src/checklist/reading/lab/proven-by.ts';
import { fail, inconclusive, pass, type Row } from '../../src/checklist/row.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { buildReport } from '../../src/report/build.ts';
import { evaluate } from '../../src/score/evaluate.ts';
import { assess } from '../../src/score/score.ts';
import { answer, at, failure, project, recordWire } from '../support/evidence.ts';
import { labOf } from '../support/lab-evidence.ts';
import { noRemedies } from '../support/rows.ts';

const rest = {
  title: 'A title',
  category: 'Security',
  level: 'required',
  why: '',
  fix: '',
  basis: [],
  remedies: noRemedies,
  headline: '',
} as const;

/** A report of this row alone. */
function reportOfRow(row: Row, evidence: Evidence) {
  const run = {
    tool: { name: 'mcp-prod', version: '0.0.0' },
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 1,
  };
  return buildReport(
    run,
    evidence,
    { ...assess('checklist', evidence), rows: [evaluate(row, evidence)] },
    null,
  );
}

describe('the evidence in a report', () => {
  it('is each cited exchange, once and in the order of sending', () => {
    const { wire, exchange } = recordWire();
    for (let sent = 0; sent < 12; sent += 1) exchange(answer(200, `body ${sent}`));
    exchange(failure('timeout'));
    const cited = (...ids: string[]) => wire.exchanges.filter(({ id }) => ids.includes(id));
    const report = reportOfRow(
      {
        ...rest,
        id: 'citing',
        criteria: [
          {
            id: 'late',
            kind: 'core',
            title: '',
            observed: () => pass('Seen.', ...cited('x13', 'x10', 'x2')),
          },
          { id: 'early', kind: 'core', title: '', observed: () => pass('Seen.', ...cited('x2')) },
          { id: 'none', kind: 'extra', title: '', observed: () => inconclusive('Not seen.') },
        ],
      },
      { wire, notices: [] },
    );
    expect(report.exchanges.map(({ id }) => id)).toEqual(['x2', 'x10', 'x13']);
    expect(report.exchanges[2]?.outcome).toEqual({ kind: 'failure', reason: 'timeout', message: 'timeout' });
    expect(report.rows[0]?.criteria.map(({ exchanges }) => exchanges)).toEqual([
      ['x2', 'x10', 'x13'],
      ['x2'],
      undefined,
    ]);
  });

  it('is cut to 2,000 characters of a body, between characters', () => {
    const { wire, exchange } = recordWire();
    exchange(answer(200, `${'a'.repeat(1_998)}😀${'b'.repeat(9_000)}`));
    const row: Row = {
      ...rest,
      id: 'long',
      criteria: [{ id: 'body', kind: 'core', title: '', observed: () => pass('Seen.', ...wire.exchanges) }],
    };
    const { outcome } = reportOfRow(row, { wire, notices: [] }).exchanges[0] ?? {};
    expect(outcome).toMatchObject({ kind: 'answer', body: `${'a'.repeat(1_998)}…` });
  });

  it('names each line of a file once', () => {
    const row: Row = {
      ...rest,
      id: 'placed',
      criteria: [
        {
          id: 'lines',
          kind: 'core',
          title: '',
          declared: () => pass('Read.', at('a', 1), at('a', 2), at('a', 1)),
        },
      ],
    };
    const report = reportOfRow(row, { project: project(), notices: [] });
    expect(report.rows[0]?.criteria[0]?.places).toEqual([at('a', 1), at('a', 2)]);
    expect(report.exchanges).toEqual([]);
  });

  it('is the events in the lab, with their time', () => {
    const moments = [
      { experiment: 'shutdown', atMs: 700, text: 'SIGTERM to the start command' },
      { experiment: 'shutdown', atMs: 1900, text: 'the call ended with a result' },
    ];
    const report = reportOfRow(
      {
        ...rest,
        id: 'proven',
        criteria: [
          {
            id: 'drains',
            kind: 'core',
            title: '',
            proven: readsLab('all', () => pass('It ended.', ...moments)),
          },
        ],
      },
      { lab: labOf(), notices: [] },
    );
    expect(report.rows[0]).toMatchObject({ proof: 'proven', criteria: [{ moments }] });
    expect(report.target).toEqual({ lab: 'node server.mjs' });
    expect(report.notices).toEqual(['The lab took 5.0 s. The longest of 1 experiment was baseline (0.9 s).']);
    expect(report.exchanges).toEqual([]);
  });

  it('starts with the headline and gives the advice for it', () => {
    const judged = (id: string, judgement: ReturnType<typeof pass>, fix: string) =>
      ({ id, kind: 'core', title: '', fix, declared: () => judgement }) as const;
    const report = reportOfRow(
      {
        ...rest,
        id: 'told',
        headline: 'second',
        criteria: [
          judged('first', fail('One.'), 'Fix one.'),
          judged('second', fail('Two.'), 'Fix two.'),
          judged('third', pass('Three.'), 'Fix three.'),
        ],
      },
      { project: project(), notices: [] },
    );
    expect(report.rows[0]).toMatchObject({
      headline: 'second',
      criteria: [{ id: 'second' }, { id: 'first' }, { id: 'third' }],
      fix: 'Fix two.',
    });
  });

  it('omits an address that only the lab used', () => {
    const row = { ...rest, id: 'none', criteria: [] };
    const { wire } = recordWire();
    const seen = (ownWire: boolean) =>
      reportOfRow(row, { wire, lab: labOf({}, { ownWire }), notices: [] }).target.url;
    expect([seen(true), seen(false)]).toEqual([undefined, wire.url]);
  });
});
