import { expect, test } from 'vitest';
import { connect, startServer } from './support/server.ts';
import { cityOf } from './support/stand-in-answers.ts';

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
  expect(server.upstream.requests.map(cityOf)).toContain('New York');
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
  const cities = ['London', ' london ', 'LONDON', 'Paris'];
  for (const city of cities) await client.callTool({ name: 'get_weather', arguments: { city } });
  expect(server.upstream.requests.map(cityOf)).toEqual(['London', 'Paris']);
});

test('failures are clear to the model, tell no secrets, and are asked again', async () => {
  const server = await startServer({ UPSTREAM_TIMEOUT_MS: '150' });
  const client = await connect(server, 'modern');
  for (const mode of ['fail', 'hold', 'drip'] as const) {
    server.upstream.mode = mode;
    const result = await client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
    expect(result.isError).toBe(true);
    expect(text(result)).toMatch(/^The weather service .*Try again/);
  }
  server.upstream.mode = 'answer';
  expect((await client.callTool({ name: 'get_weather', arguments: { city: 'London' } })).isError).toBeFalsy();
});

test.each([
  [{ city: 'Nowhere' }, /No such city/],
  [{ city: '' }, /city/],
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

test('a call leaves a line that hostile input can neither break nor forge', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const city = 'x"}\n{"level":"error","message":"forged"}';
  await client.callTool({ name: 'get_weather', arguments: { city } });
  const calls = server.lines.filter((line) => line.tool === 'get_weather');
  expect(calls).toMatchObject([{ input: { city }, outcome: 'ok', durationMs: expect.any(Number) }]);
  expect(server.lines.some((line) => line.message === 'forged')).toBe(false);
});
