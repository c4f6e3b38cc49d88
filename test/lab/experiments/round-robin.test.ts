import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { known, project, workload } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import { type Language, readyPlan } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const judge = (seen: Partial<Evidence>) => judgeCriterion('horizontal-scaling', 'round-robin', seen);

describe.concurrent.each<Language>(['Node', 'Python'])('two instances in %s', (language) => {
  it('serve one client in turn', async () => {
    const seen = await experimentsOn(readyPlan(language), 'round-robin');
    const { verdict, proof, finding } = judge(seen);
    expect({ verdict, proof, finding }).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(finding).toMatch(
      /^Two instances behind a round-robin balancer served each client in turn \(\d+ and \d+ requests\)\. All 12 calls and lists succeeded\.$/,
    );
    expect(judgeRow('horizontal-scaling', seen)).toMatchObject({
      verdict: 'partial',
      seen: { core: 1, of: 3 },
    });
  });

  it('are judged by their sessions where no call of the tool succeeds', async () => {
    const failing = { upstream: { 'api.weather.test': {} } };
    const ready = judge(await experimentsOn(readyPlan(language, '', failing), 'round-robin'));
    expect(ready).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(
        /All 6 lists succeeded\. 6 calls ended with an error, as with one instance/,
      ),
    });
    const broken = judge(
      await experimentsOn(readyPlan(language, 'in-memory-sessions', failing), 'round-robin'),
    );
    expect(broken).toMatchObject({ verdict: 'fail', finding: expect.stringContaining('404') });
  });

  it('fail when each keeps its own sessions, unless the deployment declares affinity', async () => {
    const seen = await experimentsOn(readyPlan(language, 'in-memory-sessions'), 'round-robin');
    const { verdict, finding } = judge(seen);
    expect({ verdict, finding }).toMatchObject({ verdict: 'fail' });
    expect(finding).toMatch(/One instance alone served it\. The statuses in order: (?:400, )?200, 404/);
    expect(judgeRow('horizontal-scaling', seen).verdict).toBe('fail');

    const affinity = known('sessionAffinity: ClientIP', 'k8s/service.yaml', 9);
    const declaring = {
      ...seen,
      project: project({ workloads: [workload({ replicas: known('3'), affinity })] }),
    };
    expect(judge(declaring).verdict).toBe('not-applicable');
    expect(judgeRow('horizontal-scaling', declaring)).toMatchObject({
      verdict: 'partial',
      seen: { core: 1, of: 2 },
    });
  });
});
