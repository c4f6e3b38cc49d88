// An auditor that runs the baseline and comes to its end by itself.
import { baseline } from '../../../src/lab/experiments/baseline.ts';
import type { LabPlan } from '../../../src/lab/plan.ts';
import { openWorld } from '../../../src/lab/world/world.ts';

const plan: LabPlan = {
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
};
const world = await openWorld(plan, {
  signal: new AbortController().signal,
  collectWire: () => Promise.reject(new Error('Nothing is audited over the wire here.')),
});
const known = await baseline(world);
await world.close();
process.stdout.write(JSON.stringify(known.baseline));
