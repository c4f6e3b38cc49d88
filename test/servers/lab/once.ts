// An auditor that runs the lab once and comes to its end by itself.
import { runLab } from '../../../src/lab/lab.ts';

const evidence = await runLab({
  directory: new URL('./weather/', import.meta.url).pathname,
  command: 'node server.mjs',
  portEnv: 'PORT',
  env: { CLIENT: 'fetch' },
  secrets: ['WEATHER_API_KEY'],
  upstream: { 'api.weather.test': { 'GET /v1/current': 'current.json' } },
  startTimeoutMs: 20_000,
  clientVersion: '1.0.0',
  signal: new AbortController().signal,
});
process.stdout.write(JSON.stringify(evidence));
