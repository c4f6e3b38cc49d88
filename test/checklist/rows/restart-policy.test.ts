import { describe, expect, it } from 'vitest';
import type { LabEvidence } from '../../../src/evidence/lab/lab.ts';
import type { PortTakenHistory } from '../../../src/evidence/lab/port-taken.ts';
import { known, notKnown, project, service, workload } from '../../support/evidence.ts';
import { baselineOf, endedLaunch, labOf, launchOf, listener, pollOf } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const judge = (files: Parameters<typeof project>[0]) =>
  judgeRow('restart-policy', { project: project(files) });

describe('restart-policy', () => {
  it.each(['always', 'unless-stopped', 'on-failure', 'on-failure:5'])('passes for restart: %s', (policy) => {
    expect(judge({ services: [service({ restart: known(policy) })] })).toMatchObject({
      verdict: 'partial',
      proof: 'declared',
    });
  });

  it('prefers the deploy policy to restart', () => {
    const services = [service({ restart: known('no'), deployRestart: known('any') })];
    expect(judge({ services }).verdict).toBe('partial');
  });

  it.each([
    ['none at all', {}],
    ['restart: no', { restart: known('no') }],
    ['condition: none', { deployRestart: known('none') }],
  ])('fails for %s', (_, differs) => {
    expect(judge({ services: [service(differs)] }).verdict).toBe('fail');
  });

  it('judges the server, not its database', () => {
    const database = service({ name: 'redis', image: 'redis:7' });
    delete database.build;
    expect(judge({ services: [database, service({ restart: known('always') })] }).verdict).toBe('partial');
  });

  it.each([
    ['no compose file', {}],
    ['a platform that is not read yet', { unread: [{ file: 'k8s.yaml', kind: 'Kubernetes manifest' }] }],
    [
      'a policy that only the platform knows',
      { services: [service({ restart: notKnown('${RESTART}', 'RESTART is not set') })] },
    ],
    ['a policy that Docker does not have', { services: [service({ restart: known('sometimes') })] }],
    [
      'a broken file',
      { compose: [{ files: ['compose.yaml'], services: [], broken: 'line 3: bad indentation' }] },
    ],
  ])('does not judge %s', (_, files) => {
    expect(judge(files).verdict).toBe('unknown');
  });

  it.each([
    ['kubernetes', undefined, 'partial'],
    ['kubernetes', 'Always', 'partial'],
    ['kubernetes', 'Never', 'fail'],
    ['systemd', undefined, 'fail'],
    ['systemd', 'always', 'partial'],
    ['systemd', 'on-failure', 'partial'],
    ['systemd', 'on-abnormal', 'fail'],
    ['systemd', 'sometimes', 'unknown'],
    ['fly', undefined, 'partial'],
    ['fly', 'on-failure', 'partial'],
    ['fly', 'never', 'fail'],
    ['render', undefined, 'partial'],
    ['procfile', undefined, 'partial'],
    ['ecs', undefined, 'unknown'],
    ['ecs', 'enabled', 'partial'],
    ['ecs', 'disabled', 'unknown'],
    ['pm2', undefined, 'partial'],
    ['pm2', 'autorestart: true', 'partial'],
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

describe('restart-policy in the lab', () => {
  const proven = (history: Partial<PortTakenHistory>, lab: Partial<LabEvidence> = {}) =>
    judgeCriterion('restart-policy', 'fatal-error-exits', {
      lab: labOf(
        {
          'port-taken': {
            ran: true,
            history: { launch: launchOf(), requests: [], waitedMs: 20_000, ...history },
          },
        },
        lab,
      ),
    });
  const at = (port: number, afterMs = 300) =>
    launchOf({ outcome: { kind: 'listening', afterMs, port, portIgnored: port !== 21_000, listener } });

  it('passes for an exit with a code or by a signal, and fails for code 0', () => {
    expect(proven({ launch: endedLaunch(98) })).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: 'With port 21000 taken, the server ended with code 98 after 200 ms.',
    });
    expect(proven({ launch: endedLaunch(null) }).verdict).toBe('pass');
    expect(proven({ launch: endedLaunch(0) }).verdict).toBe('fail');
  });

  it('fails for the next port, where the server answers', () => {
    expect(proven({ launch: at(21_001), requests: [pollOf(400)] })).toMatchObject({
      verdict: 'fail',
      finding:
        'With port 21000 taken, the server listened on port 21001 instead. Clients do not look for it there.',
    });
  });

  it('does not take a metrics port for the next port', () => {
    const beside = baselineOf({
      launch: launchOf({
        outcome: {
          kind: 'listening',
          afterMs: 300,
          port: 21_000,
          portIgnored: false,
          listener: { ...listener, listens: ['0.0.0.0:21000', '[::1]:9090'] },
        },
      }),
    });
    const stays = { launch: at(9_090), requests: [pollOf(200)] };
    expect(proven(stays, { baseline: beside }).finding).toMatch(/neither listened nor ended within 20000 ms/);
    const ends = { launch: { ...at(9_090), exit: { atMs: 3_000, code: 1, signal: null } } };
    expect(proven(ends, { baseline: beside }).verdict).toBe('pass');
    expect(proven({ launch: at(21_001), requests: [pollOf(404)] }).finding).toMatch(
      /neither listened nor ended/,
    );
  });

  it('fails for a server that neither listens nor ends, unless it is slow', () => {
    const launch = launchOf({ outcome: { kind: 'silent', afterMs: 20_000, processes: [101] } });
    expect(proven({ launch }).verdict).toBe('fail');
    expect(proven({ launch }, { baseline: baselineOf({ launch: at(21_000, 8_000) }) }).verdict).toBe(
      'inconclusive',
    );
  });

  it('does not judge a server that shares the port', () => {
    expect(proven({ launch: at(21_000), requests: [pollOf(200)] }).verdict).toBe('inconclusive');
  });
});
