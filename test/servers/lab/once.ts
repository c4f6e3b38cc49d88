// An auditor that runs the baseline and comes to its end by itself.
import { baseline } from '../../../src/lab/experiments/baseline.ts';
import { openSite } from '../../../src/lab/world/site.ts';
import { makeKeys, openRun } from '../../../src/lab/world/world.ts';

const site = await openSite({
  transport: 'http',
  directory: new URL('./weather/', import.meta.url).pathname,
  command: 'node server.mjs',
  portEnv: 'PORT',
  env: { CLIENT: 'fetch' },
  secrets: ['WEATHER_API_KEY'],
  services: [],
  upstream: { 'api.weather.test': { 'GET /v1/current': 'current.json' } },
  startTimeoutMs: 20_000,
  patienceMs: 10_000,
  clientVersion: '1.0.0',
  signal: new AbortController().signal,
});
const run = await openRun(site, await makeKeys({}));
const known = await baseline(run);
await run.close();
process.stdout.write(JSON.stringify(known.baseline));
