import { describe, expect, it } from 'vitest';
import type { CriterionVerdict } from '../../src/checklist/row.ts';
import { type Baseline, baselineOf, compare } from '../../src/score/baseline.ts';
import { judgeGate } from '../../src/score/gate.ts';
import { assessmentOf } from '../support/assessments.ts';

const imageUser = { row: 'non-root-user', criterion: 'image-user' };
const rootImage = (verdict: CriterionVerdict, files?: string[]) =>
  assessmentOf({ 'non-root-user': { 'image-user': { verdict, ...(files && { files }) } } });
const baseline = (...failures: Baseline['failures']): Baseline => ({ schemaVersion: 1, failures });

describe('a failure', () => {
  it('passes when it is known', () => {
    expect(judgeGate({ baseline: baseline(imageUser) }, rootImage('fail'))).toEqual({
      passed: true,
      reasons: [],
    });
  });

  it('is named when it is new, and fails the gate', () => {
    expect(judgeGate({ baseline: baseline() }, rootImage('fail'))).toEqual({
      passed: false,
      reasons: ['New failure: non-root-user, image-user. What was found of image-user.'],
    });
  });

  it('is new in a file that the baseline does not list', () => {
    const gate = { baseline: baseline({ ...imageUser, files: ['Dockerfile', 'b/Dockerfile'] }) };
    expect(judgeGate(gate, rootImage('fail', ['Dockerfile']))?.passed).toBe(true);
    expect(judgeGate(gate, rootImage('fail', ['Dockerfile', 'c/Dockerfile']))?.passed).toBe(false);
  });

  it('breaks neither --require nor --fail-on when it is known', () => {
    const asked = { require: ['non-root-user'], failOn: 'required' } as const;
    expect(judgeGate({ ...asked, baseline: baseline(imageUser) }, rootImage('fail'))?.passed).toBe(true);
    expect(judgeGate(asked, rootImage('fail'))?.passed).toBe(false);
  });

  it('breaks --require when only another failure of its row is known', () => {
    const assessment = assessmentOf({
      'non-root-user': { 'image-user': { verdict: 'fail' }, 'runtime-user': { verdict: 'fail' } },
    });
    const gate = { require: ['non-root-user'], baseline: baseline(imageUser) };
    expect(judgeGate(gate, assessment)?.reasons).toEqual([
      'The gate requires non-root-user to pass; its verdict is fail.',
      expect.stringMatching(/^New failure: non-root-user, runtime-user/),
    ]);
  });

  it('of a recommended row does not break --fail-on required', () => {
    const assessment = assessmentOf({ metrics: { exposed: { verdict: 'fail' } } });
    expect(judgeGate({ baseline: baseline() }, assessment)?.passed).toBe(false);
    expect(judgeGate({ failOn: 'required', baseline: baseline() }, assessment)?.passed).toBe(true);
  });

  it('that is known does not raise the score', () => {
    const gate = { minScore: 100, baseline: baseline(imageUser) };
    expect(judgeGate(gate, rootImage('fail'))?.reasons).toEqual([expect.stringMatching(/^The score is/)]);
  });
});

describe('an entry', () => {
  it.each([
    ['that passes now', imageUser, 'it passes now'],
    ['of a row that is not there', { row: 'no-root', criterion: 'x' }, 'no row has this id'],
    [
      'of a criterion that is not there',
      { row: 'non-root-user', criterion: 'x' },
      'no criterion of the row has this id',
    ],
  ])('%s is stale, fails, and is named', (_what, entry, why) => {
    expect(judgeGate({ baseline: baseline(entry) }, rootImage('pass'))).toEqual({
      passed: false,
      reasons: [`The baseline entry ${entry.row}, ${entry.criterion} is out of date: ${why}. Remove it.`],
    });
  });

  it('that no longer applies is stale', () => {
    const { stale } = compare(rootImage('not-applicable'), baseline(imageUser));
    expect(stale).toEqual([{ entry: imageUser, why: 'it no longer applies' }]);
  });

  it('that could not be assessed is not stale', () => {
    expect(judgeGate({ baseline: baseline(imageUser) }, rootImage('inconclusive'))?.passed).toBe(true);
  });

  it('of a row outside the selection is ignored', () => {
    const entry = { row: 'image-hygiene', criterion: 'pinned-base' };
    expect(judgeGate({ baseline: baseline(entry) }, rootImage('pass'))?.passed).toBe(true);
  });
});

describe('a new baseline', () => {
  const reason = 'The base image changes in March.';
  const earlier = baseline(
    { ...imageUser, reason },
    { row: 'health-endpoint', criterion: 'json' },
    { row: 'restart-policy', criterion: 'declared' },
  );

  it('names files, keeps reasons and unassessed entries, and drops entries that pass', () => {
    const assessment = assessmentOf({
      'non-root-user': { 'image-user': { verdict: 'fail', files: ['b/Dockerfile', 'Dockerfile'] } },
      'restart-policy': { declared: { verdict: 'pass' } },
      metrics: { exposed: { verdict: 'fail' } },
    });
    const made = baselineOf(assessment, earlier);
    expect(made.failures).toEqual([
      { ...imageUser, files: ['Dockerfile', 'b/Dockerfile'], reason },
      { row: 'metrics', criterion: 'exposed' },
      { row: 'health-endpoint', criterion: 'json' },
    ]);
    expect(judgeGate({ baseline: made }, assessment)?.passed).toBe(true);
  });
});
