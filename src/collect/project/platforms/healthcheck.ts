import type { Healthcheck, Place } from '../../../evidence/declared.ts';
import { type Lookup, readReference } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import { masked, maskText, recorded } from '../secrets/literal-secrets.ts';

/** Characters of a command that are read. */
const commandLimit = 5_000;
const urlLimit = 10;

/**
 * Describes the command of a health check.
 *
 * @param words the command: one string for a shell, or the words of the exec form
 * @param lookup variables that the container would have
 * @param interval as written, such as `30s` or `1m30s`
 */
export function describeHealthcheck(
  words: string | string[],
  lookup: Lookup,
  interval: string | undefined,
  at: Place,
): Healthcheck {
  const command = (typeof words === 'string' ? words : words.map(quoteIfNeeded).join(' ')).slice(
    0,
    commandLimit,
  );
  const text = recorded(command.replace(/\s+/g, ' ').trim());
  return { kind: 'command', command: text, urls: findUrls(words, lookup), ...intervalOf(interval), at };
}

/**
 * Describes a health check that the platform performs itself.
 *
 * @param url undefined for a check that is not an HTTP request
 * @param interval as written, such as `30s` or `1m30s`
 */
export const describeProbe = (
  url: string | undefined,
  interval: string | undefined,
  at: Place,
  command = `GET ${url}`,
): Healthcheck => ({
  kind: 'command',
  command: bounded(command.trim()),
  urls: url === undefined ? [] : [url],
  ...intervalOf(interval),
  at,
});

/** A URL of the container itself, as it is recorded. */
export const loopbackUrl = (port: string | undefined, path: string, scheme = 'http'): string =>
  recorded(
    `${scheme}://127.0.0.1${port === undefined ? '' : `:${port}`}${path.startsWith('/') ? '' : '/'}${path}`,
  );

/** Nothing for an interval that Docker would refuse, and for 0, which means the default. */
function intervalOf(interval = ''): Pick<Healthcheck, 'intervalSeconds'> {
  const seconds = durationSeconds(interval);
  return seconds ? { intervalSeconds: seconds } : {};
}

function quoteIfNeeded(word: string): string {
  return /\s/.test(word) ? JSON.stringify(word) : word;
}

/** Seconds of a duration as Go writes it: `90s`, `1m30s`, `500ms`. Undefined for anything else. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|us|µs|ns|s))+$/.test(text.slice(0, 100))) return undefined;
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(?<![\d.])(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)/g)) {
    seconds += Number(count) * (units[unit ?? ''] ?? 0);
  }
  return seconds;
}

/** The URLs that a health check's command requests, with known variables filled in. */
function findUrls(words: string | string[], lookup: Lookup): string[] {
  const viaShell = typeof words === 'string' || /(?:^|\/)(?:ba|da|a|z)?sh$/.test(words[0] ?? '');
  const text = joinCode((typeof words === 'string' ? words : words.join(' ')).slice(0, commandLimit));
  const candidates = [...text.matchAll(/\bhttps?:\/\/(?:[$@]\{[^{}\s]{1,200}\}|[^\s"'`<>|;\\(){},])+/gi)].map(
    (match) => match[0],
  );
  if (candidates.length === 0) candidates.push(...withoutScheme(text), ...fromRequestOptions(text));
  const urls = candidates.map((candidate) => bounded(maskUrl(fill(candidate, lookup, viaShell))));
  return [...new Set(urls)].slice(0, urlLimit);
}

const javascriptVariable = /process\.env\.([A-Za-z_]\w*)(?:\s*(?:\|\||\?\?)\s*["'`]?([\w.-]*)["'`]?)?/g;
const pythonVariable =
  /os\.(?:environ\.get|getenv)\(\s*["']([A-Za-z_]\w*)["'](?:\s*,\s*(?!\s)["']?([\w.-]*)["']?)?\s*\)/g;

/** Replaces code that reads a variable by `@{PORT:-3000}`, which needs no shell. */
function joinCode(text: string): string {
  const variable = (_: string, name: string, value?: string) => `@{${name}${value ? `:-${value}` : ''}}`;
  return (
    text
      .replace(javascriptVariable, variable)
      .replace(pythonVariable, variable)
      // Template literals and f-strings: `:${@{PORT}}/health`, f':{@{PORT}}/health'.
      .replace(/\$?\{\s*(@\{[^{}]*\})\s*\}/g, '$1')
      // Concatenation: 'http://localhost:' + (@{PORT}) + '/health'.
      .replace(
        /["']\s*\+\s*(?:(?:str|String)?\(\s*|(?:str|String)\s*)?(@\{[^{}]*\})\s*\)?(?:\s*\+\s*["'])?/g,
        '$1',
      )
  );
}

/** The default scheme of curl and wget is http: `localhost:3000/health`. */
function withoutScheme(text: string): string[] {
  if (!/\b(?:curl|wget)\b/.test(text)) return [];
  const address =
    /(?<=[\s"'])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(?:\d+|\$\w+|\$\{[^{}\s]{1,200}\}))?(?:\/[^\s"'`<>|;\\()]*)?(?=[\s"')|;&]|$)/g;
  return [...text.matchAll(address)].map((match) => `http://${match[0]}`);
}

/** `http.get({ host: 'localhost', port: 3000, path: '/health' })`. */
function fromRequestOptions(text: string): string[] {
  const path = /\bpath\s*:\s*["'`](\/[^"'`\s]{0,200})["'`]/.exec(text)?.[1];
  if (path === undefined) return [];
  const port = /\bport\s*:\s*["'`]?(\d+|@\{[^{}]*\})/.exec(text)?.[1];
  const host = /\b(?:host|hostname)\s*:\s*["'`]([\w.:[\]-]{1,200})["'`]/.exec(text)?.[1] ?? 'localhost';
  return [`http://${host}${port === undefined ? '' : `:${port}`}${path}`];
}

/** Fills in known variables; the others stay as a shell would write them. */
function fill(url: string, lookup: Lookup, viaShell: boolean): string {
  let result = '';
  for (let index = 0; index < url.length; index++) {
    const char = url.charAt(index);
    const code = char === '@' && url.charAt(index + 1) === '{';
    const reference = code || char === '$' ? readReference(url, index) : undefined;
    if (!reference || !(code || viaShell)) {
      result += char;
      continue;
    }
    const variable = lookup(reference.name);
    const usesDefault = /^:?-$/.test(reference.operator);
    if (variable.state === 'set' && variable.value !== '') result += variable.value;
    else if (variable.state !== 'unknown' && usesDefault) result += reference.operand;
    else result += `$${url.slice(index + 1, reference.end)}`;
    index = reference.end - 1;
  }
  return result.replace(/(?<![.,])[.,]+$/, '');
}

/** A URL without its credentials. */
function maskUrl(url: string): string {
  const text = maskText(url);
  const parameters = /[?&][^=&\s]*(?==)/g;
  const value = /=(?!\$)[^&\s]+/y;
  let result = '';
  let from = 0;
  for (let name = parameters.exec(text); name !== null; name = parameters.exec(text)) {
    value.lastIndex = parameters.lastIndex;
    if (!/key|token|secret|passw|auth/i.test(name[0]) || !value.test(text)) continue;
    result += `${text.slice(from, parameters.lastIndex)}=${masked}`;
    from = value.lastIndex;
    parameters.lastIndex = from;
  }
  return result + text.slice(from);
}
