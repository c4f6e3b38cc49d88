import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startOpenMeteo } from '../servers/open-meteo.ts';
import { startOpenWeatherMap } from '../servers/openweathermap.ts';
import type { UpstreamMode, WeatherService } from '../servers/weather-service.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp } from '../support/mcp-clients.ts';

const timeoutMs = 3_000;
/** For what a loaded machine adds. */
const slackMs = 5_000;
/** The shortest time for which a service that fails is left alone: five seconds, or what it asks for. */
const silenceMs = 3_000;
/** What the generated README promises for health when the upstream is back. */
const recoveryMs = timeoutMs + 5_000 + slackMs;

interface Fault {
  name: string;
  mode: UpstreamMode | 'refused';
  retryAfter?: string;
}

const faults: Fault[] = [
  { name: 'refused', mode: 'refused' },
  { name: 'stalled', mode: 'hold' },
  { name: 'dripping', mode: 'drip' },
  { name: 'reset in the body', mode: 'reset' },
  { name: '500', mode: 'fail' },
  { name: '503', mode: 'gone' },
  { name: '429', mode: 'busy' },
  { name: '429, Retry-After: 3', mode: 'busy', retryAfter: '3' },
];

const providers = {
  openweathermap: { select: {}, startService: startOpenWeatherMap },
  'open-meteo': { select: { provider: 'open-meteo' }, startService: startOpenMeteo },
};
type Provider = keyof typeof providers;

const cases = [
  ...faults.map((fault) => ({ provider: 'openweathermap' as Provider, fault })),
  // The same client, but two hosts and two questions for one answer.
  ...faults.slice(0, 2).map((fault) => ({ provider: 'open-meteo' as Provider, fault })),
];

/** Made before the tests begin, whose time it would take. */
beforeAll(async () => {
  for (const { select } of Object.values(providers)) await sharedProject(select);
});

const figures: Array<Record<string, string | number>> = [];
afterAll(() => {
  const lines = figures.map((figure) =>
    Object.entries(figure)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  process.stdout.write(`\nUPSTREAM_TIMEOUT_MS ${timeoutMs}\n${lines.sort().join('\n')}\n`);
});

/** A served project before a weather service that can be broken. All end with the test. */
async function start(provider: Provider) {
  const { select, startService } = providers[provider];
  const project = await sharedProject(select);
  const service = await startService();
  const server = await startGenerated(project, {
    WEATHER_BASE_URL: service.url,
    GEOCODING_BASE_URL: service.url,
    UPSTREAM_TIMEOUT_MS: String(timeoutMs),
    RATE_LIMIT: '100000',
  });
  const client = await connectHttp('v2 modern', server.url, server.token);
  onTestFinished(async () => {
    await client.close();
    server.child.kill('SIGKILL');
    await service.close();
  });
  const health = async () => {
    const started = performance.now();
    const { status } = await fetch(`${server.origin}/health`);
    return { status, ms: performance.now() - started };
  };
  const logged = (field: string) =>
    server.lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => field in line && 'durationMs' in line);
  let asked = 0;
  const ask = (city: string) => {
    asked += 1;
    return timed(client.callTool({ name: 'get_weather', arguments: { city } }));
  };
  /** How often the weather service was asked, whether it noticed or not. The log may be a little behind. */
  const attempts = async () => {
    await expect.poll(() => logged('tool').length, { timeout: slackMs }).toBe(asked);
    return logged('operation').length;
  };
  /** How long the server took for its slowest tool call so far. */
  const slowestCall = () => Math.max(...logged('tool').map(({ durationMs }) => Number(durationMs)));
  return { server, service, client, ask, health, attempts, slowestCall };
}

async function inject(service: WeatherService, { mode, retryAfter }: Fault): Promise<void> {
  if (mode === 'refused') return service.refuse();
  service.retryAfter = retryAfter;
  service.mode = mode;
}

async function mend(service: WeatherService, { mode }: Fault): Promise<void> {
  if (mode === 'refused') return service.accept();
  service.mode = 'answer';
}

async function timed<Result>(work: Promise<Result>): Promise<{ result: Result; ms: number }> {
  const started = performance.now();
  const result = await work;
  return { result, ms: Math.round(performance.now() - started) };
}

/** Wrong in a way that a model can act on, with nothing in it that is not for its eyes. */
function expectCleanFailure(result: Record<string, unknown>) {
  expect(result.isError).toBe(true);
  const text = JSON.stringify(result);
  expect(text).toMatch(/"The weather service [a-z ]+\. Try again in (a minute|\d+ seconds?)\."/);
  expect(text).not.toMatch(/127\.0\.0\.1|an-upstream-key|node_modules/);
}

test.for(cases)('$provider, $fault.name', async ({ provider, fault }) => {
  const { service, server, client, ask, health, attempts, slowestCall } = await start(provider);
  // A machine that is busy may need more than one try before the first answer is there in time.
  const warm = async () => (await ask('Oslo')).result.isError === true;
  await expect.poll(warm, { timeout: 20_000, interval: 50 }).toBe(false);
  await expect.poll(async () => (await health()).status, { timeout: recoveryMs, interval: 50 }).toBe(200);
  const before = service.requests.length;
  const attemptsBefore = await attempts();
  await inject(service, fault);

  // One call meets the fault; what does not need the weather service goes on meanwhile.
  let over = false;
  const first = ask('Bergen').finally(() => {
    over = true;
  });
  const others = [];
  for (let count = 0; count < 3; count += 1) {
    const known = await ask('Oslo');
    expect(known.result.isError).toBeFalsy();
    others.push(known.ms, (await timed(client.listTools())).ms);
  }
  if (fault.mode === 'hold' || fault.mode === 'drip') expect(over).toBe(false);
  const failed = await first;
  expectCleanFailure(failed.result);

  // Many calls at once, of which nobody can know beforehand, then many in a row.
  const burst = await Promise.all(Array.from({ length: 12 }, (_, count) => ask(`Burst ${count}`)));
  for (const { result } of burst) expectCleanFailure(result);
  const attemptsInBurst = (await attempts()) - attemptsBefore;
  const reachedInBurst = service.requests.length - before;
  const rowStarted = performance.now();
  for (let count = 0; count < 10; count += 1) {
    expectCleanFailure((await ask(`Row ${count}`)).result);
  }
  const attemptsInRow = (await attempts()) - attemptsBefore - attemptsInBurst;
  // Nobody asks any more, but for one call now and then that looks whether it is back.
  const looks = (performance.now() - rowStarted) / silenceMs;
  expect(attemptsInRow).toBeLessThanOrEqual(1 + Math.ceil(looks));
  expect(slowestCall()).toBeLessThan(timeoutMs + slackMs);
  expect((await ask('Oslo')).result.isError).toBeFalsy();

  const degraded = await Promise.all(Array.from({ length: 20 }, health));
  for (const { status, ms } of degraded) {
    expect(status).toBe(503);
    expect(ms).toBeLessThan(1_000 + slackMs);
  }

  // Back again: health says so although nobody calls a tool, and then calls succeed.
  await mend(service, fault);
  const mended = performance.now();
  await expect.poll(async () => (await health()).status, { timeout: recoveryMs, interval: 50 }).toBe(200);
  const recovered = Math.round(performance.now() - mended);
  for (const city of ['Bergen', 'Row 1']) expect((await ask(city)).result.isError).toBeFalsy();
  expect(server.errors()).toBe('');

  figures.push({
    fault: `${provider}, ${fault.name}:`,
    'first call failed after ms': failed.ms,
    'slowest call in the server ms': slowestCall(),
    'attempts for 13 calls': attemptsInBurst,
    'that arrived': reachedInBurst,
    'attempts for 10 in a row': attemptsInRow,
    'slowest known city or list meanwhile ms': Math.max(...others),
    'slowest of 20 health polls ms': Math.round(Math.max(...degraded.map(({ ms }) => ms))),
    'health back after ms': recovered,
  });
});
