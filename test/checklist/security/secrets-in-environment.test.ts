import { describe, expect, it } from 'vitest';
import type { ProjectEvidence } from '../../../src/evidence/project.ts';
import { answer, at, dockerfile, failure, project, recordWire, stage } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'secrets-in-environment';
const image = dockerfile([stage('node:24')]);
const withFiles = (criterion: string, differs: Partial<ProjectEvidence>) =>
  judgeCriterion(row, criterion, { project: project({ dockerfiles: [image], ...differs }) });

describe('secrets-in-environment', () => {
  it('passes without a literal secret and fails with one, by name and place but not by value', () => {
    expect(withFiles('no-literal-in-deployment-files', {})).toMatchObject({ verdict: 'pass' });
    const literalSecrets = [{ name: 'API_KEY', kind: 'a literal value', at: at('Dockerfile', 7) }];
    expect(withFiles('no-literal-in-deployment-files', { literalSecrets })).toMatchObject({
      verdict: 'fail',
      finding: 'API_KEY at Dockerfile:7: a literal value.',
    });
  });

  it('claims nothing where no file could be read', () => {
    expect(withFiles('no-literal-in-deployment-files', { dockerfiles: [] }).verdict).toBe('inconclusive');
  });

  it.each([
    [true, ['.env'], 'pass'],
    [false, ['.env'], 'fail'],
    [null, ['.env'], 'fail'],
    [null, [], 'not-applicable'],
  ] as const)('.gitignore %s with %j: %s', (gitIgnoresEnv, envFiles, verdict) => {
    const ignores = { gitIgnoresEnv, dockerIgnoresEnv: null, belowRepository: false };
    expect(withFiles('env-file-ignored-by-git', { ignores, envFiles: [...envFiles] }).verdict).toBe(verdict);
  });

  it('does not accuse a folder of what the repository above it may keep out', () => {
    const ignores = { gitIgnoresEnv: null, dockerIgnoresEnv: null, belowRepository: true };
    expect(withFiles('env-file-ignored-by-git', { ignores, envFiles: ['.env'] }).verdict).toBe(
      'inconclusive',
    );
  });

  it.each([
    ['.', true, 'pass'],
    ['.', false, 'fail'],
    ['.', null, 'fail'],
    ['package.json', null, 'pass'],
  ] as const)('COPY %s with .dockerignore %s: %s', (source, dockerIgnoresEnv, verdict) => {
    const copies = [{ sources: [source], destination: './', at: at('Dockerfile', 4) }];
    const dockerfiles = [dockerfile([stage('node:24', { copies })])];
    const ignores = { gitIgnoresEnv: true, dockerIgnoresEnv, belowRepository: false };
    expect(withFiles('env-file-kept-out-of-image', { dockerfiles, ignores }).verdict).toBe(verdict);
  });

  it('fails when an answer repeats the credential', () => {
    const { wire, exchange } = recordWire();
    exchange(answer(200));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire }).verdict).toBe('pass');
    exchange(answer(400, 'bad token [credential]'), { echoesCredential: true });
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('is not carried by an answer that repeats nothing', () => {
    const { wire, exchange } = recordWire();
    exchange(answer(200));
    expect(judgeRow(row, { wire }).verdict).toBe('unknown');
  });

  it('says nothing of a credential that was not sent or not answered', () => {
    const silent = recordWire();
    silent.exchange(failure('timeout'));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire: silent.wire }).verdict).toBe('inconclusive');
    const anonymous = recordWire({ credentialGiven: false });
    anonymous.exchange(answer(200));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire: anonymous.wire }).verdict).toBe(
      'inconclusive',
    );
  });
});
