// A service that asks for more than this is believed to be misconfigured.
const longestMs = 3_600_000;

/**
 * How long a Retry-After header asks to wait, in ms: seconds or an HTTP date (RFC 9110, section 10.2.3). Undefined when it
 * says nothing that can be understood. At most an hour.
 */
export function retryAfterMs(
  header: string | string[] | undefined,
  now: number = Date.now(),
): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(longestMs, Math.max(0, ms));
}
