import { expect, test } from 'vitest';
import { connect, startServer, type TestServer } from './support/server.ts';
import { cityOf, requestsPerQuestion } from './support/stand-in-answers.ts';

/** The cities that the weather service was asked about. */
const asked = (server: TestServer) => server.upstream.requests.map(cityOf).filter((city) => city !== null);
const text = (result: unknown) => (result as { content: Array<{ text: string }> }).content[0]?.text;

test.each(['legacy', 'modern'] as const)('clients of the %s era list and call the tools', async (era) => {
  const server = await startServer();
  const client = await connect(server, era);
  const { tools } = await client.listTools();
  expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
    ['get_weather', true],
    ['get_forecast', true],
  ]);
  const weather = await client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
  expect(weather.structuredContent).toMatchObject({ place: 'London, GB', temperature: 12.4 });
  expect(text(weather)).toContain('light rain');
  const forecast = await client.callTool({ name: 'get_forecast', arguments: { city: 'London', days: 2 } });
  expect(forecast.structuredContent).toMatchObject({
    days: [{ date: '2026-09-21' }, { date: '2026-09-22' }],
  });
});

test.each(['legacy', 'modern'] as const)('clients of the %s era read the resource', async (era) => {
  const server = await startServer();
  const client = await connect(server, era);
  const { contents } = await client.readResource({ uri: 'weather://New%20York/current' });
  const [content] = contents as Array<{ text: string }>;
  expect(JSON.parse(content?.text ?? '')).toMatchObject({ temperature: 12.4 });
  expect(asked(server)).toContain('New York');
  await expect(client.readResource({ uri: 'weather://Nowhere/current' })).rejects.toMatchObject({
    code: -32_602,
  });
});

test('modern clients are told how long answers keep', async () => {
  const server = await startServer({ CACHE_TTL: '120' });
  const client = await connect(server, 'modern');
  expect(await client.listTools()).toMatchObject({ ttlMs: 3_600_000, cacheScope: 'public' });
  const read = await client.readResource({ uri: 'weather://London/current' });
  expect(read).toMatchObject({ ttlMs: 120_000, cacheScope: 'public' });
});

test('the weather service hears a repeated question once', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const cities = ['London, GB', ' london,gb ', 'LONDON,GB', 'London'];
  for (const city of cities) await client.callTool({ name: 'get_weather', arguments: { city } });
  expect(server.upstream.requests).toHaveLength(2 * requestsPerQuestion);
});

test.each(['fail', 'hold', 'drip', 'reset', 'busy'] as const)(
  'a failure (%s) is clear to the model and over in time, and the next call asks again',
  async (mode) => {
    const server = await startServer({ UPSTREAM_TIMEOUT_MS: '400' });
    const client = await connect(server, 'modern');
    const ask = () => client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
    server.upstream.mode = mode;
    const started = performance.now();
    const result = await ask();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(result.isError).toBe(true);
    expect(text(result)).toMatch(/^The weather service [a-z ]+\. Try again in a minute\.$/);
    server.upstream.mode = 'answer';
    expect((await ask()).isError).toBeFalsy();
  },
);

test('cities that are known are answered while the weather service is not', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const ask = (city: string) => client.callTool({ name: 'get_weather', arguments: { city } });
  await ask('London');
  server.upstream.mode = 'fail';
  for (let count = 0; count < 6; count += 1) {
    expect((await ask(`London ${count}`)).isError).toBe(true);
    expect((await ask('London')).isError).toBeFalsy();
  }
  const lines = server.lines.filter(({ message }) => message === 'weather service given up for a while');
  expect(lines).toMatchObject([{ level: 'error' }]);
});

test('one client that leaves takes no answer away from another', async () => {
  const server = await startServer();
  server.upstream.mode = 'hold';
  const arrived = server.upstream.nextRequest();
  const leaving = new AbortController();
  const [left, stays] = await Promise.all([connect(server, 'modern'), connect(server, 'modern')]);
  const params = { name: 'get_weather', arguments: { city: 'London' } };
  const lost = expect(left.callTool(params, { signal: leaving.signal })).rejects.toThrow();
  await arrived;
  const kept = stays.callTool(params);
  leaving.abort();
  await lost;
  server.upstream.release();
  expect((await kept).isError).toBeFalsy();
  expect(server.upstream.requests).toHaveLength(requestsPerQuestion);
});

test.each([
  [{ city: 'Nowhere' }, /No such city/],
  [{ city: '' }, /city/],
  [{ city: 'x'.repeat(101) }, /city/],
  [{ city: 'Lon\u0000don' }, /plain name of a city/],
  [{ city: 7 }, /city/],
  [{}, /city/],
])('bad input %j is explained', async (input, message) => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const result = await client.callTool({ name: 'get_weather', arguments: input });
  expect(result.isError).toBe(true);
  expect(text(result)).toMatch(message);
  expect(server.lines).toContainEqual(expect.objectContaining({ level: 'warn', tool: 'get_weather' }));
});

test.each(['weather://%00/current', 'weather://%E0%A4%A/current', `weather://${'x'.repeat(101)}/current`])(
  'a bad resource %j is explained',
  async (uri) => {
    const server = await startServer();
    const client = await connect(server, 'modern');
    await expect(client.readResource({ uri })).rejects.toThrow(/city must be a plain name/);
    expect(server.upstream.requests).toHaveLength(0);
  },
);

test('a call leaves a line that hostile input can neither break nor forge', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const forged = '{"message":"forged"}';
  const city = `x"} ${forged}`;
  for (const name of [city, `x"}\n${forged}`]) {
    await client.callTool({ name: 'get_weather', arguments: { city: name } });
  }
  const calls = server.lines.filter((line) => line.tool === 'get_weather');
  expect(calls).toMatchObject([
    { input: { city }, outcome: 'ok', durationMs: expect.any(Number) },
    { outcome: 'invalid-input', problems: [expect.stringMatching(/^city: must be the plain name/)] },
  ]);
  expect(server.lines.some((line) => line.message === 'forged')).toBe(false);
});

test('nothing that a client sends is logged, unless the tool declares it safe', async () => {
  const server = await startServer({ LOG_LEVEL: 'trace' });
  const client = await connect(server, 'modern');
  const ask = (name: string, input: object) =>
    client.callTool({ name, arguments: { ...input, note: 'a private note' } });
  await ask('get_weather', { city: 'London' });
  await ask('get_weather', { city: `a private city\n${'.'.repeat(100)}` });
  await ask('get_forecast', { city: 'London', days: 'a private number' });
  for (const uri of ['London/current?note=private', `${'private'.repeat(20)}/current`]) {
    await expect(client.readResource({ uri: `weather://${uri}` })).rejects.toThrow();
  }
  server.upstream.mode = 'fail';
  await ask('get_weather', { city: 'Oslo' });
  expect(server.lines.filter((line) => 'tool' in line)).toHaveLength(4);
  expect(server.lines.filter((line) => 'resource' in line)).toMatchObject([{ outcome: 'invalid-input' }]);
  expect(JSON.stringify(server.lines)).not.toMatch(/private/);
});

test('an answer of the weather service that lacks something is a failure, not an answer', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  server.upstream.mode = 200;
  const result = await client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
  expect([result.isError, result.structuredContent]).toEqual([true, undefined]);
});
