import { describe, expect, it } from 'vitest';
import { known, notKnown, project, service, workload } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const judge = (files: Parameters<typeof project>[0]) =>
  judgeCriterion('graceful-shutdown', 'time-to-stop', { project: project(files) }).verdict;

describe('graceful-shutdown: time-to-stop', () => {
  it.each([
    ['compose’s own ten seconds', {}, 'pass'],
    ['a longer time', { stopSeconds: known('30') }, 'pass'],
    ['no time', { stopSeconds: known('0') }, 'fail'],
    ['a time that only compose knows', { stopSeconds: notKnown('${T}', 'T is not set') }, 'inconclusive'],
    ['a signal that nobody can handle', { stopSeconds: known('30'), stopSignal: known('SIGKILL') }, 'fail'],
    ['a signal of its own', { stopSignal: known('SIGINT') }, 'pass'],
  ])('a service with %s: %s', (_, differs, verdict) => {
    expect(judge({ services: [service(differs)] })).toBe(verdict);
  });

  it.each([
    ['kubernetes', undefined, 'pass'],
    ['kubernetes', '1', 'fail'],
    ['systemd', undefined, 'pass'],
    ['systemd', 'infinity', 'pass'],
    ['systemd', '2', 'fail'],
    ['fly', undefined, 'pass'],
    ['render', undefined, 'pass'],
    ['procfile', undefined, 'pass'],
    ['ecs', '2', 'fail'],
    ['pm2', undefined, 'fail'],
    ['pm2', '10', 'pass'],
  ] as const)('on %s with %s seconds: %s', (platform, seconds, verdict) => {
    const differs = seconds === undefined ? {} : { stopSeconds: known(seconds) };
    expect(judge({ workloads: [workload({ platform, ...differs })] })).toBe(verdict);
  });

  it('does not judge a project without a deployment', () => expect(judge({})).toBe('inconclusive'));
});
