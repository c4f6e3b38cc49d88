import { describe, expect, it } from 'vitest';
import type { ExperimentId } from '../../src/evidence/lab/lab.ts';
import type { LabPlan } from '../../src/lab/run.ts';
import { judgeCriterion } from '../support/rows.ts';
import { experimentsOn, servers } from './support.ts';

/** What is asked over HTTP and stdio alike is answered by the same experiments, and judged by the same rows. */
const languages: [string, Partial<LabPlan> & { command: string }][] = [
  ['Node', { command: 'node stdio.mjs', directory: `${servers}/ready` }],
  ['Python', { command: '/usr/bin/python3 stdio.py', directory: `${servers}/ready-python` }],
];

const questions: [defect: string, experiment: ExperimentId, row: string, criterion: string][] = [
  ['no-cache', 'caching', 'response-caching', 'repeated-call'],
  ['no-timeout', 'stalled-upstream', 'upstream-timeouts', 'stalled-headers'],
  ['drips', 'dripping-upstream', 'upstream-timeouts', 'dripping-body'],
  ['format-string-log', 'logging', 'structured-logging', 'unforgeable'],
  ['failure-as-info', 'logging', 'structured-logging', 'failure-level'],
  ['starts-without-key', 'missing-secrets', 'startup-validation', 'stops'],
  ['key-in-error', 'failing-upstream', 'secrets-in-environment', 'no-leak-at-runtime'],
];

describe.each(languages)('a server in %s that speaks stdio', (_name, plan) => {
  const seenOf = (defect: string, ...ids: ExperimentId[]) =>
    experimentsOn({ ...plan, transport: 'stdio', env: { DEFECT: defect }, patienceMs: 6_000 }, ...ids);

  it('passes in all of them', async () => {
    const seen = await seenOf('', ...new Set(questions.map(([, experiment]) => experiment)));
    const verdicts = questions.map(([, , row, criterion]) => {
      const { verdict, proof, finding, reason } = judgeCriterion(row, criterion, seen);
      return verdict === 'pass' && proof === 'proven' ? null : { criterion, verdict, finding, reason };
    });
    expect(verdicts.filter((verdict) => verdict !== null)).toEqual([]);
  });

  it.each(questions)('with the defect %s fails by the experiment %s', async (defect, experiment, row, id) => {
    const { verdict, proof } = judgeCriterion(row, id, await seenOf(defect, experiment));
    expect({ verdict, proof }).toEqual({ verdict: 'fail', proof: 'proven' });
  });
});
