import { describe, expect, it } from 'vitest';
import { known, notKnown, project, service, workload } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const judge = (files: Parameters<typeof project>[0]) =>
  judgeCriterion('connection-limits', 'descriptor-limit', { project: project(files) }).verdict;
const compose = (limit: string) => judge({ services: [service({ fileLimit: known(limit) })] });

describe('connection-limits: descriptor-limit', () => {
  it.each(['65536', '-1', 'infinity'])('passes for %s', (limit) => expect(compose(limit)).toBe('pass'));

  it.each(['1024', '256'])('fails for %s', (limit) => expect(compose(limit)).toBe('fail'));

  it('asks systemd and ECS, too', () => {
    for (const platform of ['systemd', 'ecs'] as const) {
      expect(judge({ workloads: [workload({ platform, fileLimit: known('65536') })] })).toBe('pass');
      expect(judge({ workloads: [workload({ platform, fileLimit: known('1024') })] })).toBe('fail');
      expect(judge({ workloads: [workload({ platform })] })).toBe('inconclusive');
    }
  });

  it.each([
    ['nothing that deploys it', {}],
    ['a service that says nothing of it', { services: [service()] }],
    [
      'a limit that only compose knows',
      { services: [service({ fileLimit: notKnown('${N}', 'N is not set') })] },
    ],
    ['a word', { services: [service({ fileLimit: known('many') })] }],
  ])('does not judge %s', (_, files) => expect(judge(files)).toBe('inconclusive'));

  it('does not apply where the platform has no such setting', () => {
    expect(judge({ workloads: [workload()] })).toBe('not-applicable');
  });
});
