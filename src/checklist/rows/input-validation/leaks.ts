import type { Exchange } from '../../../evidence/exchange.ts';
import { count, joined } from '../../../text/counts.ts';
import { pageText } from '../../../text/page-text.ts';

/** Patterns of internal details in an error, by runtime. */
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

/** The finding for errors without a leak. */
export const noLeakIn = (errors: number): string =>
  `The server sent ${count(errors, 'error')}. None contains a stack trace, a path or a key.`;

/**
 * What an error leaks, for a person. The text is masked, and the exchange lists the secrets in it.
 *
 * @param requestPath a response that repeats it leaks nothing
 */
export function leakOf({ exposes }: Exchange, text: string, requestPath?: string): string | undefined {
  return exposes.length > 0 ? joined(exposes) : leakIn(text, requestPath);
}

/**
 * The first leak in a text, for a person: "a Python traceback". Undefined: none.
 *
 * @param requestPath a response that repeats it leaks nothing
 */
export function leakIn(text: string, requestPath?: string): string | undefined {
  // In JSON, newlines, backslashes and quotes are escaped.
  const decoded = pageText(text).replaceAll('\\n', '\n').replaceAll('\\\\', '\\').replaceAll('\\"', '"');
  const searched = requestPath === undefined ? decoded : without(decoded, requestPath);
  return shapes.find(({ pattern }) => pattern.test(searched))?.what;
}

/** The text without the path, except where it is a part of a longer path. */
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

/** The parts of a V8 stack frame: "at", brackets and line ends, the start of a path, and line with column. */
const frameParts = /(?:^|\s)at |[()\n]|(?:file:\/\/|\/|[A-Z]:\\)(?=[^\n):])|:\d+:\d+/g;
const longestCall = 200;
const longestPath = 300;

/** Whether a text has a line like `at serve (/app/server.js:10:5)` or `at file:///app/server.js:10:5`. */
function hasStackFrame(text: string): boolean {
  const never = Number.NEGATIVE_INFINITY;
  /** Where the function name begins, where its bracket opens, and where the path begins. */
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
