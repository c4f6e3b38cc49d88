import {
  type Answer,
  isUnknown,
  startWeatherService,
  temperatureOf,
  type WeatherService,
  type WeatherServiceOptions,
} from './weather-service.ts';

/** Places found so far: coordinates are made up, and lead back to the name. */
type Places = string[];

/**
 * A stand-in for both hosts of Open-Meteo on loopback: `/v1/search` finds any city except Atlantis, Nowhere and Unknown, in
 * Great Britain and in France, and `/v1/forecast` answers for the places it has found, in the shapes of the real services
 * (https://open-meteo.com/en/docs/geocoding-api, https://open-meteo.com/en/docs).
 */
export function startOpenMeteo(options: WeatherServiceOptions = {}): Promise<WeatherService> {
  const places: Places = [];
  return startWeatherService((url) => {
    if (url.pathname === '/v1/search') return search(url, places);
    if (url.pathname === '/v1/forecast') return forecast(url, places);
    return { status: 404, body: { error: true, reason: 'Not Found' } };
  }, options);
}

const countries = [
  { country_code: 'GB', country: 'United Kingdom' },
  { country_code: 'FR', country: 'France' },
];

function search(url: URL, places: Places): Answer {
  const name = url.searchParams.get('name') ?? '';
  if (name === '') return { status: 400, body: { error: true, reason: "Parameter 'name' is required" } };
  if (isUnknown(name)) return { status: 200, body: { generationtime_ms: 0.5 } };
  const results = countries.slice(0, Number(url.searchParams.get('count') ?? 10)).map((country) => {
    const index = places.push(name) - 1;
    return { id: index, name, latitude: 45 + index / 1_000, longitude: 2, timezone: 'GMT', ...country };
  });
  return { status: 200, body: { results, generationtime_ms: 0.5 } };
}

function forecast(url: URL, places: Places): Answer {
  const latitude = Number(url.searchParams.get('latitude') ?? Number.NaN);
  if (Number.isNaN(latitude)) {
    return { status: 400, body: { error: true, reason: "Parameter 'latitude' is required" } };
  }
  const temperature = temperatureOf(places[Math.round((latitude - 45) * 1_000)] ?? '');
  const seven = Array.from({ length: 7 }, (_, index) => index);
  const current = {
    time: '2026-09-21T14:15',
    interval: 900,
    temperature_2m: temperature,
    apparent_temperature: temperature - 1,
    relative_humidity_2m: 71,
    pressure_msl: 1013,
    wind_speed_10m: 4.1,
    weather_code: 3,
  };
  const daily = {
    time: seven.map((day) => `2026-09-${21 + day}`),
    weather_code: seven.map(() => 3),
    temperature_2m_min: seven.map((day) => temperature - 2 + day),
    temperature_2m_max: seven.map((day) => temperature + 2 + day),
    precipitation_probability_max: seven.map(() => 20),
  };
  return {
    status: 200,
    body: {
      latitude,
      longitude: 2,
      utc_offset_seconds: 0,
      timezone: 'GMT',
      ...(url.searchParams.has('current') && { current }),
      ...(url.searchParams.has('daily') && { daily }),
    },
  };
}
