import { describe, expect, it } from 'vitest';
import { known, project, service, workload } from '../../support/evidence.ts';
import { judgeRow } from '../../support/rows.ts';

const judge = (differs: Parameters<typeof service>[0]) =>
  judgeRow('resource-limits', { project: project({ services: [service(differs)] }) }).verdict;

describe('resource-limits', () => {
  it('passes with both limits and fails without either', () => {
    expect(judge({ memoryLimit: known('256M'), cpuLimit: known('0.5') })).toBe('pass');
    expect(judge({ memoryLimit: known('256M') })).toBe('fail');
    expect(judge({ cpuLimit: known('0.5') })).toBe('fail');
  });

  it.each([
    ['kubernetes', {}, 'fail', 'fail'],
    ['kubernetes', { memoryLimit: known('512Mi'), cpuLimit: known('1') }, 'pass', 'pass'],
    ['kubernetes', { memoryLimit: known('512Mi') }, 'pass', 'fail'],
    ['systemd', {}, 'fail', 'fail'],
    ['systemd', { memoryLimit: known('512M'), cpuLimit: known('100%') }, 'pass', 'pass'],
    [
      'systemd',
      { command: known('/usr/bin/docker run x'), memoryLimit: known('1G') },
      'inconclusive',
      'inconclusive',
    ],
    ['fly', {}, 'pass', 'pass'],
    ['render', {}, 'pass', 'pass'],
    ['procfile', {}, 'inconclusive', 'inconclusive'],
    ['ecs', {}, 'inconclusive', 'inconclusive'],
    ['ecs', { memoryLimit: known('512'), cpuLimit: known('256') }, 'pass', 'pass'],
    ['pm2', {}, 'fail', 'not-applicable'],
    ['pm2', { memoryLimit: known('300M') }, 'pass', 'not-applicable'],
  ] as const)('on %s with %j: memory %s, CPU %s', (platform, differs, memory, cpu) => {
    const files = project({ workloads: [workload({ platform, ...differs })] });
    const verdicts = judgeRow('resource-limits', { project: files }).criteria.map(({ verdict }) => verdict);
    expect(verdicts).toEqual([memory, cpu]);
  });

  it('does not judge a project without a deployment', () => {
    expect(judgeRow('resource-limits', { project: project() }).verdict).toBe('unknown');
  });
});
