/** What the caller is told when the weather could not be had: no internals, but what was asked where. */
export function failureText(error) {
  return `The weather service (GET /v1/current at api.weather.test) gave no answer that could be used (${error.message}). Try again in a minute.`;
}
