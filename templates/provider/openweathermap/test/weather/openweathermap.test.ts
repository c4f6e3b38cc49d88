import { expect, test } from 'vitest';
import type { Question, Upstream } from '../../src/weather/contract.ts';
import { deadlineIn } from '../../src/weather/deadline.ts';
import { currentWeather, forecast } from '../../src/weather/model.ts';
import { OpenWeatherMap } from '../../src/weather/openweathermap.ts';
import { answerOf } from '../support/stand-in-answers.ts';

/** Answers with the fixtures, and keeps what was asked. */
function start() {
  const asked: Question[] = [];
  const upstream: Upstream = {
    get: async (question) => {
      asked.push(question);
      return question.schema.parse(
        JSON.parse(answerOf(new URL(question.path, 'http://stand-in')).body),
      ) as never;
    },
  };
  return { asked, provider: new OpenWeatherMap(upstream, 'a-key') };
}

test('the current weather, in the units of the model', async () => {
  const { asked, provider } = start();
  expect(currentWeather.parse(await provider.current('London', deadlineIn(1_000)))).toEqual({
    place: 'London, GB',
    conditions: 'light rain',
    temperature: 12.4,
    feelsLike: 11.8,
    humidity: 84,
    pressure: 1009,
    windSpeed: 5.2,
    observedAt: '2026-09-21T14:13:20.000Z',
  });
  expect(asked[0]?.query).toEqual({ q: 'London', units: 'metric', appid: 'a-key' });
});

test('a forecast of days, not of steps of three hours', async () => {
  const { provider } = start();
  const { place, days } = forecast.parse(await provider.forecast('London', deadlineIn(1_000)));
  expect(place).toBe('London, GB');
  expect(days.length).toBeGreaterThanOrEqual(5);
  expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
  for (const { low, high } of days) expect(low).toBeLessThanOrEqual(high);
});
