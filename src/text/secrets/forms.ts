import { nextMatch, type Span } from '../next-match.ts';

/** A secret that shows by its form: the shapes that vendors give their keys, and RFC 7468 its private keys. */
interface SecretForm {
  /** For a person: "a GitHub token". */
  kind: string;
  /** What stands in its place. */
  mask: string;
  /** Where each secret of this form stands, in order. `cut`: the text goes on beyond its end. */
  find: (text: string, cut: boolean) => Iterable<Span>;
  /** Where a piece of such a secret begins that reaches to the end of the text, or -1. */
  pieceAt: (text: string) => number;
}

/**
 * Where a value can begin: not within a word, but right after what stands for one character in JSON, in a URL or on a
 * terminal ("\nAKIA...", "%20AKIA...", a colour).
 */
const start = String.raw`(?:(?<!\w)|(?<=\\[bfnrt])|(?<=\\u[\dA-Fa-f]{4})|(?<=%[\dA-Fa-f]{2})|(?<=\[[\d;]{0,20}m))`;

const forms: readonly SecretForm[] = [
  { kind: 'a private key', mask: '<private key>', find: privateKeys, pieceAt: () => -1 },
  token('an AWS access key id', '<AWS access key id>', {
    head: 'AKIA',
    rest: String.raw`[0-9A-Z]{16}(?!\w)`,
    pieces: '[0-9A-Z]',
  }),
  token('a GitHub token', '<GitHub token>', {
    head: 'gh[pousr]_',
    rest: String.raw`[A-Za-z0-9]{36}(?!\w)`,
    pieces: '[A-Za-z0-9]',
  }),
  token('a Slack token', '<Slack token>', {
    head: 'xox[abprs]-',
    rest: String.raw`[\w-]{10,}`,
    pieces: String.raw`[\w-]`,
  }),
  token('a Google API key', '<Google API key>', {
    head: 'AIza',
    rest: String.raw`[\w-]{35}(?![\w-])`,
    pieces: String.raw`[\w-]`,
  }),
  token('an API key', '<API key>', {
    head: 'sk-',
    rest: String.raw`[\w-]{20,}`,
    isSecret: (rest) => /[0-9]/.test(rest) && /[A-Z]/.test(rest),
    pieces: String.raw`[\w-]`,
    shortestPiece: 8,
  }),
  { kind: 'a URL with a key in it', mask: '<key>', find: keysInUrls, pieceAt: keyPieceAt },
];

/** So many characters of a text tell whether a secret begins before them. */
export const secretReach = 1024;

/**
 * The text with a mask in the place of every secret that shows by its form. JSON stays JSON.
 *
 * @param cut whether the text goes on beyond its end: a private key without an end then reaches there
 */
export function maskSecrets(text: string, cut = false): string {
  return forms.reduce((result, { find, mask }) => {
    let masked = '';
    let from = 0;
    for (const { start, end } of find(result, cut)) {
      masked += result.slice(from, start) + mask;
      from = end;
    }
    return masked + result.slice(from);
  }, text);
}

/** The text without a piece of such a secret at its end. */
export function maskSecretAtCut(text: string): string {
  const before = Math.max(0, text.length - secretReach);
  const end = text.slice(before);
  const starts = forms.map(({ pieceAt }) => pieceAt(end)).filter((at) => at >= 0);
  return starts.length === 0 ? text : `${text.slice(0, before + Math.min(...starts))}<cut off>`;
}

/** The kinds of secrets in the text, each once. Never a value. */
export function secretsIn(text: string): string[] {
  return forms
    .filter(({ find }) => !find(text, false)[Symbol.iterator]().next().done)
    .map(({ kind }) => kind);
}

/** The kind of a secret whose variable is known, because the audit itself gave it. */
export const namedSecret = (variable: string): string => `the secret ${variable}`;

interface TokenForm {
  /** How it begins, always with the same number of characters. */
  head: string;
  /** What follows. It may not fail in the middle of a run of `pieces`, else a search takes the square of the text's length. */
  rest: string;
  /** Whether it is one, by what follows the head; default: always. */
  isSecret?: (rest: string) => boolean;
  /** A character of what follows. */
  pieces: string;
  /** Characters after the head of a piece that is told from a word. */
  shortestPiece?: number;
}

function token(kind: string, mask: string, form: TokenForm): SecretForm {
  const { head, rest, isSecret = () => true, pieces, shortestPiece = 1 } = form;
  // The start is looked at after the head is found: heads are rare, and finding them first takes a tenth of the time.
  const headed = `${head}(?<=${start}${head})`;
  const whole = new RegExp(`(${headed})(${rest})`, 'g');
  const heads = new RegExp(headed, 'g');
  const lastRun = new RegExp(`(?<!${pieces})${pieces}*$`);
  return {
    kind,
    mask,
    *find(text) {
      for (const { 0: found, 2: after = '', index } of text.matchAll(whole)) {
        if (isSecret(after)) yield { start: index, end: index + found.length };
      }
    },
    pieceAt(text) {
      const run = text.search(lastRun);
      for (const { 0: found, index } of text.matchAll(heads)) {
        const after = index + found.length;
        if (after >= run && text.length - after >= shortestPiece) return index;
      }
      return -1;
    },
  };
}

/** Characters between the beginning of a private key and its end; a longer one is taken for something else. */
const longestKey = 16 * 1024;

/** To the end of the key where there is one, else as far as it goes on like one. */
function* privateKeys(text: string, cut: boolean): Iterable<Span> {
  const begins = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g;
  const body = /(?:[A-Za-z0-9+/=\s]+|\\{1,4}[nrt/])*/y;
  const nextEnd = nextMatch(text, /-----END [A-Z ]{0,30}PRIVATE KEY-----/g);
  const nextQuote = nextMatch(text, /"/g);
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    const inside = begins.lastIndex;
    const limit = Math.min(nextQuote(inside).start, inside + longestKey);
    const end = nextEnd(inside);
    if (end.start <= limit) {
      begins.lastIndex = end.end;
    } else if (cut && text.length <= limit) {
      begins.lastIndex = text.length;
    } else {
      body.lastIndex = inside;
      body.exec(text);
      begins.lastIndex = body.lastIndex;
    }
    yield { start: begin.index, end: begins.lastIndex };
  }
}

/** A parameter that holds a key, in a URL as it is written in text, JSON or HTML. */
const keyParameter = String.raw`(?:[?&]|&amp;|\\u0026)(?:appid|api_?key|key|token|access_token|secret)=`;
const keyInQuery = new RegExp(String.raw`(${keyParameter})([\w.-]{16,})`, 'gi');
const keyPiece = new RegExp(String.raw`(?<=${keyParameter})(?<![\w.-])[\w.-]{1,15}$`);
const scheme = /https?:(?:\\?\/){2}/gi;
/** Characters of a URL between the scheme and the parameter. */
const longestUrl = 600;

function* keysInUrls(text: string): Iterable<Span> {
  const schemes = text.matchAll(scheme);
  let next = schemes.next();
  let url = Number.NEGATIVE_INFINITY;
  for (const { 0: found, 1: parameter = '', index } of text.matchAll(keyInQuery)) {
    while (!next.done && next.value.index + next.value[0].length < index) {
      url = next.value.index + next.value[0].length;
      next = schemes.next();
    }
    if (index - url <= longestUrl && !/[\s"'<>]/.test(text.slice(url, index))) {
      yield { start: index + parameter.length, end: index + found.length };
    }
  }
}

function keyPieceAt(text: string): number {
  return text.search(keyPiece);
}
