import { describe, expect, it } from 'vitest';
import { known, project, service, workload } from '../../support/evidence.ts';
import { judgeRow } from '../../support/rows.ts';

const judge = (files: Parameters<typeof project>[0]) => {
  const row = judgeRow('horizontal-scaling', { project: project(files) });
  return [row.verdict, row.criteria.find(({ id }) => id === 'session-affinity')?.verdict];
};

describe('horizontal-scaling: session-affinity', () => {
  it('passes where a client stays with one of several', () => {
    const affinity = known('sessionAffinity: ClientIP', 'k8s/service.yaml', 9);
    expect(judge({ workloads: [workload({ replicas: known('3'), affinity })] })).toEqual(['pass', 'pass']);
  });

  it('claims nothing of several without affinity: they may share their sessions, or have none', () => {
    expect(judge({ workloads: [workload({ replicas: known('3') })] })).toEqual(['unknown', 'inconclusive']);
    expect(judge({ services: [service({ replicas: known('2') })] })).toEqual(['unknown', 'inconclusive']);
    expect(judge({})).toEqual(['unknown', 'inconclusive']);
  });

  it('has nothing to judge where there is one', () => {
    expect(judge({ workloads: [workload({ replicas: known('1') })] })[1]).toBe('not-applicable');
    expect(judge({ services: [service()] })[1]).toBe('not-applicable');
  });
});
