export function weatherUrl(city, { weatherApiKey }) {
  const url = new URL('https://api.weather.test/v1/current');
  url.search = new URLSearchParams({ city, key: weatherApiKey });
  return url;
}
