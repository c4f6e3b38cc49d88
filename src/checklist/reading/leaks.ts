import type { Exchange } from '../../evidence/exchange.ts';
import { pageText } from '../../evidence/page-text.ts';

/** What an error page gives away about the inside of a server, by the shapes that runtimes have. */
const shapes: readonly { what: string; pattern: RegExp }[] = [
  {
    what: 'a JavaScript stack trace',
    pattern: /(?:^|\s)at [^\n()]{1,200} ?\(?(?:file:\/\/|\/|[A-Z]:\\)[^\n)]{1,300}:\d+:\d+/,
  },
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
  const pieces = text.split(path);
  return pieces.reduce((result, piece) =>
    /[\w./@-]$/.test(result) || /^[\w./@-]/.test(piece) ? result + path + piece : result + piece,
  );
}
