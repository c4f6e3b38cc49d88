import { expect, it } from 'vitest';
import { brokenServers } from '../servers/broken.ts';
import { auditHostile } from '../support/hostile-audit.ts';

// One for all: the others, in hostile.test.ts, take minutes.
it('an answer without an end costs an audit neither its memory nor its time', async () => {
  const { exitCode, report, stderr, seconds } = await auditHostile(brokenServers.endlessBody);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^mcp-prod: /);
  expect(report).toMatchObject({ score: null, ready: false, server: null, coverage: 0 });
  expect(seconds).toBeLessThan(30);
});
