import { expect, test } from 'vitest';
import { startSharedHost } from '../../servers/shared-host.ts';
import { collect, healthAt, using } from './support.ts';

test('behind a path prefix, nothing above it is taken for the same server or given the credential', async () => {
  const server = await using(startSharedHost());
  const evidence = await collect(server);
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/team/weather/mcp']);
  expect(healthAt(evidence, '/team/weather/health')).toMatchObject({ status: 200 });
  const above = server.requests.filter(({ path }) => !path.startsWith('/team/weather/'));
  expect(above.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([]);
});
