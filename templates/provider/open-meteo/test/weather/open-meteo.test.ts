import { expect, onTestFinished, test } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { createEvents } from '../../src/events.ts';
import { createStore, storeSettings } from '../../src/store/store.ts';
import type { Question, Upstream } from '../../src/weather/contract.ts';
import { deadlineIn } from '../../src/weather/deadline.ts';
import { currentWeather, forecast } from '../../src/weather/model.ts';
import { OpenMeteo } from '../../src/weather/open-meteo.ts';
import { Places } from '../../src/weather/places.ts';
import { conditionsOf } from '../../src/weather/weather-codes.ts';
import { answerOf } from '../support/stand-in-answers.ts';
import { storeEnv } from '../support/store-env.ts';

/** Answers with the fixtures, and keeps what was asked. */
function start() {
  const asked: Question[] = [];
  const upstream: Upstream = {
    get: async (question) => {
      asked.push(question);
      const url = new URL(`${question.path}?${new URLSearchParams(question.query)}`, 'http://stand-in');
      return question.schema.parse(JSON.parse(answerOf(url).body)) as never;
    },
  };
  const store = createStore(readSettings(storeSettings, storeEnv), createEvents());
  onTestFinished(() => store.close());
  return { asked, provider: new OpenMeteo(upstream, new Places(upstream, store)) };
}

test('the current weather, in the units of the model', async () => {
  const { asked, provider } = start();
  expect(currentWeather.parse(await provider.current('London', deadlineIn(1_000)))).toEqual({
    place: 'London, GB',
    conditions: 'light rain',
    temperature: 12.4,
    feelsLike: 11.8,
    humidity: 84,
    pressure: 1009.2,
    windSpeed: 5.2,
    observedAt: '2026-09-21T14:15:00.000Z',
  });
  expect(asked[1]?.query).toMatchObject({ latitude: '51.50853', wind_speed_unit: 'ms' });
});

test('a forecast holds the days of which everything is known', async () => {
  const { asked, provider } = start();
  const { place, days } = forecast.parse(await provider.forecast('London', deadlineIn(1_000)));
  expect([place, days.length]).toEqual(['London, GB', 6]);
  expect(days[2]).toEqual({
    date: '2026-09-23',
    conditions: 'light rain showers',
    low: 9.9,
    high: 13.8,
    precipitationChance: 85,
  });
  expect(asked[1]?.query).toMatchObject({ timezone: 'auto' });
});

test.each([
  ['London', 'London, GB'],
  ['London,CA', 'London, CA'],
  ['London, uk', 'London, GB'],
  ['London, Canada', 'London, CA'],
  ['London, Arkansas, US', 'London, US'],
])('%s is %s', async (city, place) => {
  const { provider } = start();
  expect((await provider.current(city, deadlineIn(1_000))).place).toBe(place);
});

test.each(['Nowhere', 'London,FR', ',GB'])('%s is not found', async (city) => {
  const { provider } = start();
  await expect(provider.current(city, deadlineIn(1_000))).rejects.toMatchObject({ reason: 'not-found' });
});

test('where a city is, is asked once', async () => {
  const { asked, provider } = start();
  for (const city of ['London, CA', 'london,ca']) await provider.current(city, deadlineIn(1_000));
  await provider.forecast('London,CA', deadlineIn(1_000));
  expect(asked.map(({ path }) => path)).toEqual([
    '/v1/search',
    '/v1/forecast',
    '/v1/forecast',
    '/v1/forecast',
  ]);
});

test('a probe asks both hosts, whatever is remembered', async () => {
  const { asked, provider } = start();
  for (let count = 0; count < 2; count += 1) await provider.probe(deadlineIn(1_000));
  expect(asked.map(({ path }) => path).sort()).toEqual([
    '/v1/forecast',
    '/v1/forecast',
    '/v1/search',
    '/v1/search',
  ]);
});

test('codes that are not in the list are no reason to fail', () => {
  expect([conditionsOf(0), conditionsOf(4)]).toEqual(['clear sky', 'unknown conditions']);
});
