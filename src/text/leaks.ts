import { pageText } from './page-text.ts';
import { excerpt } from './printable.ts';
import { maskSecrets, secretsIn } from './secrets/catalogue.ts';

/** An internal detail of a server in a text. */
export interface Leak {
  kind: 'trace' | 'path' | 'key';
  /** For a person, with a masked quotation: `a Python traceback ("Traceback (most …")`. Of a key only the kind. */
  text: string;
}

const quotedCharacters = 80;

/**
 * The first stack trace, absolute path or key in a text.
 *
 * @param sent what the client sent: a path or key that comes back from it leaks nothing
 */
export function leakIn(text: string, sent = ''): Leak | undefined {
  const page = pageText(text);
  const known = `${sent}\n${decoded(sent)}`;
  return leakInForm(decoded(page), known) ?? (page.includes('\\') ? leakInForm(page, known) : undefined);
}

function leakInForm(text: string, sent: string): Leak | undefined {
  for (const { what, find } of traces) {
    const index = find(text);
    if (index >= 0) return { kind: 'trace', text: `${what} (${quotation(text.slice(index))})` };
  }
  const path = pathIn(text, sent);
  if (path !== undefined) return { kind: 'path', text: `an absolute path (${quotation(path)})` };
  const [key] = secretsIn(text, sent);
  return key === undefined ? undefined : { kind: 'key', text: key };
}

/** In JSON, white space, backslashes and quotes are escaped. */
const decoded = (text: string): string =>
  text.replace(/\\([nrt"\\/])/g, (_escape, char: string) => escapes.get(char) ?? char);
const escapes = new Map(Object.entries({ n: '\n', r: '\n', t: '\t' }));

/** The reach beyond the quotation covers a secret at its end. */
const quotation = (text: string): string =>
  JSON.stringify(excerpt(maskSecrets(text.slice(0, 10 * quotedCharacters)), quotedCharacters));

const search =
  (pattern: RegExp) =>
  (text: string): number =>
    text.search(pattern);

/** Stack traces by runtime. Line ends may have become spaces. */
const traces: readonly { what: string; find: (text: string) => number }[] = [
  { what: 'a JavaScript stack trace', find: stackFrame },
  {
    what: 'a Python traceback',
    find: search(
      /Traceback \(most recent call last\)|File "(?:(?:\/|[A-Z]:\\|<)[^"\n]{1,300}|[^"\n]{1,300}\.pyw?)", line \d+/,
    ),
  },
  {
    what: 'a Java stack trace',
    find: search(
      /\bat (?:[\w.@-]{1,100}\/)?[\w.$<>]{1,200}\((?:[\w$-]{1,100}\.(?:java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)/,
    ),
  },
  { what: 'a Go stack trace', find: search(/\bgoroutine \d+ \[|\.go:\d+ \+0x[0-9a-f]/) },
  {
    what: 'a Rust panic',
    find: search(/\bpanicked at [^\n]{0,300}\.rs:\d+:\d+|\bstack backtrace:\s{1,10}0: /),
  },
  {
    what: 'a .NET stack trace',
    find: search(
      /\.(?:cs|fs|vb|cshtml|razor):line \d+|\bat \w{1,80}(?:\.[\w<>`[\],|+]{1,80}){1,10}\([^\n()]{0,200}\)\s{1,10}at \w{1,80}(?:\.[\w<>`[\],|+]{1,80}){1,10}\(/,
    ),
  },
  {
    what: 'a PHP stack trace',
    find: search(
      /#\d+ (?:(?:\/|[A-Z]:\\)[^\n()]{1,300}\(\d+\): |\[internal function\]: |\{main\})|\.php on line \d+/,
    ),
  },
  { what: 'a Ruby backtrace', find: search(/\.rb:\d+:in ['"`]/) },
];

/** The parts of a V8 stack frame: "at", brackets, line ends, and line with column. */
const frameParts = /(?:^|[\s"'>;])at (?:async )?|[()\n]|:\d+:\d+/g;
const longestCall = 200;
const longestPath = 300;

/** Where a line like `at serve (/app/server.js:10:5)` or `at file:///app/server.js:10:5` begins. -1: nowhere. */
function stackFrame(text: string): number {
  const never = Number.NEGATIVE_INFINITY;
  /** Where the frame begins, where its function name or path does, and where its bracket opens. */
  let frame = never;
  let call = never;
  let bracket = never;
  for (const { 0: part, index } of text.matchAll(frameParts)) {
    const end = index + part.length;
    if (part === '\n' || part === ')') {
      call = bracket = never;
    } else if (part === '(') {
      bracket = index - call >= 1 && index - call <= longestCall + 1 ? end : never;
      call = never;
    } else if (!part.startsWith(':')) {
      frame = index + part.indexOf('at ');
      call = end;
      if (part.startsWith('\n')) bracket = never;
    } else if (index - bracket <= longestPath) {
      if (text.charAt(end) === ')' && isPlace(text.slice(bracket, index))) return frame;
    } else if (index - call <= longestPath && isScript(text.slice(call, index))) {
      return frame;
    }
  }
  return -1;
}

const isPlace = (text: string): boolean =>
  /^(?:file:|node:|bun:|ext:|webpack(?:-internal)?:|\/|[A-Z]:\\)|\.[cm]?[jt]sx?$/.test(text);
const isScript = (text: string): boolean =>
  !/\s/.test(text) && /^(?:file:|node:)|^(?:\/|[A-Z]:\\).*\.[cm]?[jt]sx?$/.test(text);

/** The usual homes of programs. Other paths may be those of a web service. */
const usualPaths =
  /(?:^|[\s"'`(:>]|file:\/\/)((?:\/(?:home|usr|app|opt|srv|var|root|Users|workspace)\/[\w.@-]+\/[\w./@-]*|[A-Z]:\\[\w. -]+\\[\w.\\ -]*))/g;
/** Errors of the file system name any path: `ENOENT: no such file or directory, open '/data/x'`. */
const systemErrors =
  /(?:\bE[A-Z]{2,9}: [^\n']{3,80}, [a-z]{3,12}|\[Errno \d+\] [^\n:']{3,80}:) '((?:\/|[A-Z]:\\)[^'\n]{1,300})'/g;
const httpMethod = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

function pathIn(text: string, sent: string): string | undefined {
  for (const pattern of [usualPaths, systemErrors]) {
    for (const { 1: found = '', index } of text.matchAll(pattern)) {
      const path = found.replace(/(?<![.-])[.-]+$/, '');
      if (!sent.includes(path) && !httpMethod.test(text.slice(Math.max(0, index - 8), index))) return path;
    }
  }
  return undefined;
}
