import { parseObject } from '../text/json.ts';

/** A response to a GET. Lower-case header names. */
interface Response {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * - `health`: 200 or 503 with JSON or text
 * - `catch-all`: a made-up path got the same response
 * - `page`: a web page or an event stream
 * - `unclear`: also what a proxy, an overload or a catch-all route would return
 * - `other`: another status
 */
export type HealthKind = 'health' | 'catch-all' | 'page' | 'unclear' | 'other';

/**
 * What the response of a health path is. JSON shows more than text: without a made-up path to compare with, text is unclear.
 *
 * @param control the response to a made-up path; undefined: none came
 */
export function healthKind(response: Response, control: Response | undefined): HealthKind {
  const { status, body } = response;
  if (status !== 200 && status !== 503) return 'other';
  const unavailable = status === 503;
  if (control && isSame(response, control)) return unavailable ? 'unclear' : 'catch-all';
  if (isPage(response)) return unavailable ? 'unclear' : 'page';
  if (parseObject(body)) return 'health';
  if (!control) return 'unclear';
  // Proxies and limiters return a plain 503 for any path.
  return unavailable && control.status === 503 ? 'unclear' : 'health';
}

function isSame(response: Response, control: Response): boolean {
  if (control.status !== response.status) return false;
  if (control.body === response.body) return true;
  if (typeOf(control) !== typeOf(response)) return false;
  const object = parseObject(response.body);
  if (!object) return true;
  // A catch-all handler returns the same members. Path, time or request id in them may differ.
  const other = parseObject(control.body);
  return other !== undefined && Object.keys(other).sort().join() === Object.keys(object).sort().join();
}

const typeOf = ({ headers }: Response): string | undefined => headers['content-type']?.split(';')[0];

/** By its body: frameworks label plain text as HTML. */
const isPage = (response: Response): boolean =>
  typeOf(response)?.trim().toLowerCase() === 'text/event-stream' || /^\s*</.test(response.body);
