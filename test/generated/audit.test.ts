import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { auditGenerated, mutant, verdictsOf } from '../support/generated-audit.ts';
import { sharedProject } from '../support/generated-server.ts';

let generated: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [generated, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream?.close());

describe('the audit of a generated server', () => {
  it('passes every row that files and the wire can judge, and fails the one of a container that runs as root', async () => {
    const { exitCode, report, stderr } = await auditGenerated(generated, upstream, '--min-score', '80');
    expect(exitCode, stderr).toBe(0);
    expect(report.score).toBe(100);
    const assessed = report.rows.filter(({ verdict }) => verdict !== 'unknown');
    expect(assessed.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
      'non-root-user: pass',
      'secrets-in-environment: pass',
      'endpoint-authentication: pass',
      'health-endpoint: pass',
      'structured-logging: pass',
      'restart-policy: pass',
      'rate-limiting: pass',
      'transport-security: pass',
      'input-validation: pass',
      'image-hygiene: pass',
      'protocol-revisions: pass',
      'resource-limits: pass',
      'connection-limits: pass',
      'metrics: pass',
    ]);
    expect(report.server).toMatchObject({ era: 'dual', transports: ['streamable-http'] });
    expect(report.notices).toEqual([]);

    const asRoot = await mutant(generated, ['Dockerfile', '\nUSER node\n', '\n']);
    const bad = await auditGenerated(asRoot, upstream, '--require', 'non-root-user');
    expect(verdictsOf(bad.report)).toEqual({ ...verdictsOf(report), 'non-root-user': 'fail' });
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain('The gate requires non-root-user to pass; its verdict is fail.');
  });
});
