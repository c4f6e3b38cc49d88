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
  it('loses no point to files and the wire, and fails the row of a container that runs as root', async () => {
    const { exitCode, report, stderr } = await auditGenerated(
      generated,
      upstream,
      '--fail-on',
      'recommended',
    );
    expect(exitCode, stderr).toBe(0);
    expect(report.points.lost).toBe(0);
    expect(report.rows.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
      'non-root-user: partial',
      'secrets-in-environment: partial',
      'endpoint-authentication: pass',
      'health-endpoint: partial',
      'structured-logging: partial',
      'restart-policy: partial',
      'response-caching: unknown',
      'upstream-timeouts: unknown',
      'log-aggregation: unknown',
      'error-alerting: unknown',
      'rate-limiting: partial',
      'transport-security: pass',
      'input-validation: pass',
      'image-hygiene: pass',
      'graceful-shutdown: unknown',
      'startup-validation: unknown',
      'protocol-revisions: pass',
      'resource-limits: pass',
      'horizontal-scaling: unknown',
      'connection-limits: pass',
      'metrics: pass',
    ]);
    expect(report.server).toMatchObject({ era: 'dual', transports: ['streamable-http'] });
    // Only the lab, or --config, may follow what the directory says about itself.
    expect(report.notices).toEqual([expect.stringContaining('"attest"')]);

    const asRoot = await mutant(generated, ['Dockerfile', '\nUSER node\n', '\n']);
    const bad = await auditGenerated(asRoot, upstream, '--require', 'non-root-user');
    expect(verdictsOf(bad.report)).toEqual({ ...verdictsOf(report), 'non-root-user': 'fail' });
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain('The gate requires non-root-user to pass; its verdict is fail.');
  });
});
