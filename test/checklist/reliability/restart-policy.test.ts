import { describe, expect, it } from 'vitest';
import { known, notKnown, project, service, workload } from '../../support/evidence.ts';
import { judgeRow } from '../../support/rows.ts';

const judge = (files: Parameters<typeof project>[0]) =>
  judgeRow('restart-policy', { project: project(files) });

describe('restart-policy', () => {
  it.each(['always', 'unless-stopped', 'on-failure', 'on-failure:5'])('passes for restart: %s', (policy) => {
    expect(judge({ services: [service({ restart: known(policy) })] })).toMatchObject({
      verdict: 'pass',
      proof: 'declared',
    });
  });

  it('passes for a deploy policy, which goes before restart', () => {
    const services = [service({ restart: known('no'), deployRestart: known('any') })];
    expect(judge({ services }).verdict).toBe('pass');
  });

  it.each([
    ['none at all', {}],
    ['restart: no', { restart: known('no') }],
    ['condition: none', { deployRestart: known('none') }],
  ])('fails for %s', (_, differs) => {
    expect(judge({ services: [service(differs)] }).verdict).toBe('fail');
  });

  it('judges the server, not the database beside it', () => {
    const database = service({ name: 'redis', image: 'redis:7' });
    delete database.build;
    expect(judge({ services: [database, service({ restart: known('always') })] }).verdict).toBe('pass');
  });

  it.each([
    ['no compose file', {}],
    ['a platform that is not read yet', { unread: [{ file: 'k8s.yaml', kind: 'Kubernetes manifest' }] }],
    [
      'a policy that only the platform knows',
      { services: [service({ restart: notKnown('${RESTART}', 'RESTART is not set') })] },
    ],
    ['a word that Docker does not know', { services: [service({ restart: known('sometimes') })] }],
    [
      'a broken file',
      { compose: [{ files: ['compose.yaml'], services: [], broken: 'line 3: bad indentation' }] },
    ],
  ])('does not judge %s', (_, files) => {
    expect(judge(files).verdict).toBe('unknown');
  });

  it.each([
    ['kubernetes', undefined, 'pass'],
    ['kubernetes', 'Always', 'pass'],
    ['kubernetes', 'Never', 'fail'],
    ['systemd', undefined, 'fail'],
    ['systemd', 'always', 'pass'],
    ['systemd', 'on-failure', 'pass'],
    ['systemd', 'on-abnormal', 'fail'],
    ['systemd', 'sometimes', 'unknown'],
    ['fly', undefined, 'pass'],
    ['fly', 'on-failure', 'pass'],
    ['fly', 'never', 'fail'],
    ['render', undefined, 'pass'],
    ['procfile', undefined, 'pass'],
    ['ecs', undefined, 'unknown'],
    ['ecs', 'enabled', 'pass'],
    ['ecs', 'disabled', 'unknown'],
    ['pm2', undefined, 'pass'],
    ['pm2', 'autorestart: true', 'pass'],
    ['pm2', 'autorestart: false', 'fail'],
  ] as const)('on %s with %s: %s', (platform, policy, verdict) => {
    const differs = policy === undefined ? {} : { restart: known(policy) };
    expect(judge({ workloads: [workload({ platform, ...differs })] }).verdict).toBe(verdict);
  });

  it('does not judge a policy that is filled in later', () => {
    const workloads = [workload({ platform: 'systemd', restart: notKnown('%i', 'systemd fills it in') })];
    expect(judge({ workloads }).verdict).toBe('unknown');
  });
});
