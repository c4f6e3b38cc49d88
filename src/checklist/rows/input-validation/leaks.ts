import type { Exchange } from '../../../evidence/exchange.ts';
import { pageText } from '../../../text/page-text.ts';

/** What an error page gives away about the inside of a server, by the shapes that runtimes have. */
const shapes: readonly { what: string; pattern: { test: (text: string) => boolean } }[] = [
  { what: 'a JavaScript stack trace', pattern: { test: hasStackFrame } },
  {
    what: 'a Python traceback',
    pattern: /Traceback \(most recent call last\)|File "[^"\n]{1,300}", line \d+/,
  },
  { what: 'a Java stack trace', pattern: /\bat [\w.$]{1,200}\([\w]{1,100}\.java:\d+\)/ },
  { what: 'a Go stack trace', pattern: /\bgoroutine \d+ \[/ },
  {
    what: 'an absolute path',
    pattern:
      /(?:^|[\s"'(:>])(?:\/(?:home|usr|app|opt|srv|var|root|Users|workspace)\/[\w.@-]+\/[\w./@-]*|[A-Z]:\\[\w. -]+\\[\w.\\ -]*)/,
  },
];

/**
 * What an error gives away, for a person. Secrets were masked in its text, so that the exchange says which it held; a
 * server that writes a mask of its own gives nothing away.
 *
 * @param text what was told in the answer, and what it is searched for
 * @param asked the path of the request: an answer that repeats it tells nothing new
 */
export function leakOf({ exposes }: Exchange, text: string, asked?: string): string | undefined {
  return exposes.length > 0 ? exposes.join(' and ') : leakIn(text, asked);
}

/**
 * The first thing that the text gives away, for a person ("a Python traceback"), or undefined.
 *
 * @param asked the path of the request: an answer that repeats it tells nothing new
 */
export function leakIn(text: string, asked?: string): string | undefined {
  // JSON carries newlines and backslashes escaped; what a client reads is what it decodes.
  const decoded = pageText(text).replaceAll('\\n', '\n').replaceAll('\\\\', '\\').replaceAll('\\"', '"');
  const told = asked === undefined ? decoded : without(decoded, asked);
  return shapes.find(({ pattern }) => pattern.test(told))?.what;
}

/** The text without the path where it stands alone, not as a piece of a longer one. */
function without(text: string, path: string): string {
  const [first = '', ...pieces] = text.split(path);
  let result = first;
  let last = first.slice(-1);
  for (const piece of pieces) {
    const kept = /[\w./@-]/.test(last) || /^[\w./@-]/.test(piece) ? path : '';
    result += kept + piece;
    last = (last + kept + piece).slice(-1);
  }
  return result;
}

/** What a frame of V8 is made of: its beginning, what ends or opens a part, the beginning of a path, and the place in the file. */
const frameParts = /(?:^|\s)at |[()\n]|(?:file:\/\/|\/|[A-Z]:\\)(?=[^\n):])|:\d+:\d+/g;
const longestCall = 200;
const longestPath = 300;

/** Whether a text has a line like `at serve (/app/server.js:10:5)` or `at file:///app/server.js:10:5`. */
function hasStackFrame(text: string): boolean {
  const never = Number.NEGATIVE_INFINITY;
  /** Where what is called begins, where a bracket after it opened, and where a path after these began. */
  let call = never;
  let bracket = never;
  let path = never;
  for (const { 0: part, index } of text.matchAll(frameParts)) {
    const end = index + part.length;
    const named = index - call >= 1 && index - call <= longestCall + 1;
    if (part.startsWith('\n') || part === ')') call = bracket = path = never;
    if (part.endsWith('at ')) {
      call = end;
    } else if (part === '(') {
      bracket = named ? end : never;
      call = never;
    } else if (part.startsWith(':')) {
      if (index - path >= 1 && index - path <= longestPath) return true;
    } else if (part !== '\n' && part !== ')' && (named || index === bracket)) {
      path = end;
    }
  }
  return false;
}
