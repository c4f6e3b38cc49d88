import {
  type Answer,
  isUnknown,
  startWeatherService,
  temperatureOf,
  type WeatherService,
  type WeatherServiceOptions,
} from './weather-service.ts';

export { temperatureOf } from './weather-service.ts';

export interface OpenWeatherMapOptions extends WeatherServiceOptions {
  /** The accepted API keys. Default: any key of 8 or more letters, digits, `-` and `_`. */
  keys?: readonly string[];
}

export type OpenWeatherMap = WeatherService;

const threeHours = 10_800;

/**
 * A stand-in for api.openweathermap.org on loopback: `/data/2.5/weather` and `/data/2.5/forecast` answer for any city
 * except Atlantis, Nowhere and Unknown (404), and demand an `appid` (401), in the shapes of the real service
 * (https://openweathermap.org/current, https://openweathermap.org/forecast5). Equal questions get equal answers.
 */
export function startOpenWeatherMap(options: OpenWeatherMapOptions = {}): Promise<OpenWeatherMap> {
  return startWeatherService((url, method) => answer(url, method, options.keys), options);
}

function answer(url: URL, method: string, keys: readonly string[] | undefined): Answer {
  const city = url.searchParams.get('q')?.trim() ?? '';
  const key = url.searchParams.get('appid') ?? '';
  const accepted = keys === undefined ? /^[\w-]{8,}$/.test(key) : keys.includes(key);
  if (method !== 'GET') return { status: 405, body: { cod: '405', message: 'Method not allowed' } };
  if (!accepted) return { status: 401, body: { cod: 401, message: 'Invalid API key.' } };
  if (city === '') return { status: 400, body: { cod: '400', message: 'Nothing to geocode' } };
  if (isUnknown(city)) return { status: 404, body: { cod: '404', message: 'city not found' } };
  if (url.pathname === '/data/2.5/weather') return { status: 200, body: currentWeather(city) };
  if (url.pathname === '/data/2.5/forecast') {
    return { status: 200, body: forecast(city, Number(url.searchParams.get('cnt') ?? 40)) };
  }
  return { status: 404, body: { cod: '404', message: 'Internal error' } };
}

function conditions(temperature: number) {
  return {
    main: {
      temp: temperature,
      feels_like: temperature - 1,
      temp_min: temperature - 2,
      temp_max: temperature + 2,
      pressure: 1013,
      humidity: 71,
    },
    weather: [{ id: 803, main: 'Clouds', description: 'broken clouds', icon: '04d' }],
    clouds: { all: 75 },
    wind: { speed: 4.1, deg: 240 },
    visibility: 10_000,
  };
}

function currentWeather(city: string) {
  return {
    coord: { lon: -0.1257, lat: 51.5085 },
    base: 'stations',
    ...conditions(temperatureOf(city)),
    dt: 1_790_000_000,
    sys: { type: 2, id: 2_075_535, country: 'GB', sunrise: 1_789_970_000, sunset: 1_790_015_000 },
    timezone: 0,
    id: 2_643_743,
    name: city,
    cod: 200,
  };
}

function forecast(city: string, count: number) {
  const start = 1_789_992_000;
  const list = Array.from({ length: count }, (_, index) => {
    const dt = start + index * threeHours;
    const dtText = new Date(dt * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return {
      dt,
      ...conditions(temperatureOf(city) + (index % 8)),
      pop: 0.2,
      sys: { pod: 'd' },
      dt_txt: dtText,
    };
  });
  return {
    cod: '200',
    message: 0,
    cnt: list.length,
    list,
    city: { id: 2_643_743, name: city, coord: { lat: 51.5085, lon: -0.1257 }, country: 'GB', timezone: 0 },
  };
}
