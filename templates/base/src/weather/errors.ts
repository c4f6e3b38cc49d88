export type WeatherErrorReason = 'not-found' | 'timeout' | 'rejected' | 'busy' | 'unavailable';

const sentences: Record<WeatherErrorReason, string> = {
  'not-found': 'No such city is known. Check the spelling, or add a country code: "Paris,FR".',
  timeout: 'The weather service did not answer in time.',
  rejected:
    "The weather service does not accept this server's credentials. Its operator has to correct them.",
  busy: 'The weather service is receiving too many requests from this server.',
  unavailable: 'The weather service is not available at the moment.',
};

const passing: ReadonlySet<WeatherErrorReason> = new Set(['timeout', 'busy', 'unavailable']);

/** A failure that was foreseen. Its message is written for the model and is safe to show to any client. */
export class WeatherError extends Error {
  readonly reason: WeatherErrorReason;

  /** @param retryInMs when trying again may help; for failures that pass */
  constructor(reason: WeatherErrorReason, retryInMs = 0) {
    const advice = passing.has(reason) ? ` Try again in ${inWords(retryInMs)}.` : '';
    super(`${sentences[reason]}${advice}`);
    this.name = 'WeatherError';
    this.reason = reason;
  }
}

function inWords(ms: number): string {
  if (ms <= 0) return 'a minute';
  const seconds = Math.ceil(ms / 1000);
  if (seconds > 120) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
