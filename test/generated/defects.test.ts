import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { auditGenerated, mutant, verdictsOf } from '../support/generated-audit.ts';
import { sharedProject } from '../support/generated-server.ts';

let generated: string;
let upstream: OpenWeatherMap;
/** The verdicts on the project as it is. */
let good: Record<string, string>;

beforeAll(async () => {
  [generated, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
  good = verdictsOf((await auditGenerated(generated, upstream)).report);
});
afterAll(() => upstream?.close());

describe('the audit of a generated server', () => {
  it.each([
    {
      what: 'without authentication',
      row: 'endpoint-authentication',
      change: ['src/http/auth.ts', 'if (request.client?.authenticated) return', 'if (request.url) return'],
    },
    {
      what: 'without /health',
      row: 'health-endpoint',
      change: ['src/http/health.ts', "app.get('/health',", "app.get('/moved',"],
    },
    {
      what: 'without restart policy',
      row: 'restart-policy',
      change: ['compose.yaml', 'restart: unless-stopped', 'restart: "no"'],
    },
    {
      what: 'with a key in the image',
      row: 'secrets-in-environment',
      change: [
        'Dockerfile',
        'ENV NODE_ENV=production',
        'ENV OPENWEATHER_API_KEY=9f86d081884c7d659a2feaa0c55ad015 NODE_ENV=production',
      ],
    },
    {
      what: 'that counts an array as one request',
      row: 'rate-limiting',
      change: ['src/http/guards.ts', '    rateLimit.countMessages,\n', ''],
    },
    {
      what: 'without Origin check',
      row: 'transport-security',
      change: [
        'src/http/host-and-origin.ts',
        'if (origin === undefined) return undefined;',
        'if (origin) return undefined;\n    if (origin === undefined) return undefined;',
      ],
    },
  ] as const)('fails the one row at stake, and no other: $what', async ({ row, change }) => {
    const bad = await auditGenerated(await mutant(generated, change), upstream, '--require', row);
    expect(verdictsOf(bad.report)).toEqual({ ...good, [row]: 'fail' });
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain(`The gate requires ${row} to pass; its verdict is fail.`);
  });
});
