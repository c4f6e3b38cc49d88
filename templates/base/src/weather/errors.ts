export type WeatherErrorReason = 'not-found' | 'timeout' | 'rejected' | 'busy' | 'unavailable';

const sentences: Record<WeatherErrorReason, string> = {
  'not-found': 'No such city is known. Check the spelling, or add a country code: "Paris,FR".',
  timeout: 'The weather service did not answer in time. Try again in a minute.',
  rejected:
    "The weather service does not accept this server's credentials. Its operator has to correct them.",
  busy: 'The weather service is receiving too many requests from this server. Try again in a minute.',
  unavailable: 'The weather service is not available at the moment. Try again in a minute.',
};

/** A failure that was foreseen. Its message is written for the model and is safe to show to any client. */
export class WeatherError extends Error {
  readonly reason: WeatherErrorReason;

  constructor(reason: WeatherErrorReason) {
    super(sentences[reason]);
    this.name = 'WeatherError';
    this.reason = reason;
  }
}
