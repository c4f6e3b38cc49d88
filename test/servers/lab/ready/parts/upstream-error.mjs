/** Its message holds nothing of the request, which has the key in it. */
export class UpstreamError extends Error {
  constructor(message, url) {
    super(message);
    this.url = url;
  }
}

export function upstreamError(error, url) {
  if (error instanceof UpstreamError) return error;
  const late = error.name === 'TimeoutError' || error.code === 'ECONNABORTED';
  return new UpstreamError(late ? 'no answer in time' : 'no usable answer', url);
}

export function checkedWeather(body, url) {
  if (typeof body?.temperature === 'number') return body;
  throw new UpstreamError('no temperature in the answer', url);
}
