import { type SecretFormat, start } from './format.ts';
import { isPlaceholder } from './placeholder.ts';
import { privateKey } from './private-key.ts';
import { urlKey } from './url-key.ts';
import { webToken } from './web-token.ts';

const word = '[A-Za-z0-9]';
const dashed = String.raw`[\w-]`;

/** Every recognisable form of a secret: for masking, for responses, and for the files of a project. */
const formats: readonly SecretFormat[] = [
  privateKey,
  // First, because it may contain others.
  webToken,
  token('an AWS access key id', 'A(?:KI|SI)A', '[0-9A-Z]', '{16}'),
  token('a GitHub token', 'gh[pousr]_', word, '{36,}'),
  token('a GitHub token', 'github_pat_', String.raw`\w`, '{50,}'),
  token('a GitLab token', 'glpat-', dashed, '{20,}'),
  // npm_config_registry is a variable.
  token('an npm token', 'npm_', word, '{36}', { shortestPiece: 8 }),
  {
    ...token('a Slack token', 'xox[abeoprs]-', dashed, '{10,}'),
    // Every real one has numbers in it.
    isReported: (value) => value.length >= 25 && /\d/.test(value),
  },
  token('a Slack webhook address', String.raw`hooks\.slack\.com\\?/services\\?/T`, String.raw`[\w\\/]`, '', {
    rest: String.raw`[A-Z0-9]{8,12}\\?/B[A-Z0-9]{8,12}\\?/[A-Za-z0-9]{20,40}`,
  }),
  token('a Google API key', 'AIza', dashed, '{35}'),
  token('a Stripe secret key', '[rs]k_(?:live|test)_', word, '{20,}'),
  token('an API key', 'sk-', dashed, '{20,}', {
    // Excludes CSS classes and host names.
    isSecret: (rest) => /[0-9]/.test(rest) && /[A-Z]/.test(rest),
    shortestPiece: 8,
  }),
  urlKey,
];

/** Characters after a cut that decide whether a secret begins before it. */
export const secretReach = 1024;
/** Characters of the longest token. */
const longestToken = 5_600;

/**
 * The text with a mask for every secret that its form reveals. JSON stays valid.
 *
 * @param cut whether the text was cut off, so that its last secret may have no end
 * @param mask default: the kind of the secret
 */
export function maskSecrets(text: string, cut = false, mask?: string): string {
  return formats.reduce((result, format) => {
    let masked = '';
    let from = 0;
    for (const { start, end } of format.find(result, cut)) {
      masked += result.slice(from, start) + (mask ?? format.mask);
      from = end;
    }
    return masked + result.slice(from);
  }, text);
}

/** The text without a piece of a secret at its end. */
export function maskSecretAtCut(text: string): string {
  const before = Math.max(0, text.length - longestToken);
  const end = text.slice(before);
  const starts = formats.map(({ pieceAt }) => pieceAt(end)).filter((at) => at >= 0);
  return starts.length === 0 ? text : `${text.slice(0, before + Math.min(...starts))}<cut off>`;
}

interface FoundSecret {
  kind: string;
  text: string;
  index: number;
}

/** Further secrets of one format in one text add nothing. */
const limit = 100;

/** The secrets that a finding may report, at most 100 of a format. Placeholders and public keys do not count. */
export function findSecrets(text: string): FoundSecret[] {
  return formats.flatMap((format) => {
    const found: FoundSecret[] = [];
    for (const secret of reported(format, text)) if (found.push(secret) === limit) break;
    return found;
  });
}

/**
 * The kinds of secrets in the text, each once. Never a value.
 *
 * @param known a text whose secrets do not count
 */
export function secretsIn(text: string, known = ''): string[] {
  const shown = formats.filter((format) => {
    for (const secret of reported(format, text)) if (!known.includes(secret.text)) return true;
    return false;
  });
  return [...new Set(shown.map(({ kind }) => kind))];
}

function* reported({ kind, find, isReported }: SecretFormat, text: string): Generator<FoundSecret> {
  for (const { start, end } of find(text, false)) {
    const value = text.slice(start, end);
    if (isPlaceholder(value) || isReported?.(value, text.slice(Math.max(0, start - 100), start)) === false)
      continue;
    yield { kind, text: value, index: start };
  }
}

interface TokenOptions {
  /** The pattern after the head. Default: `times` pieces. */
  rest?: string;
  /** Whether it is a secret, by the part after the head. Default: always. */
  isSecret?: (rest: string) => boolean;
  /** Characters after the head that distinguish a piece from a word. */
  shortestPiece?: number;
}

/**
 * A format with a fixed head. A search takes linear time if a run of `pieces` has few heads, or its first head takes the run.
 *
 * @param head the pattern of its beginning
 * @param pieces the pattern of one later character
 * @param times how many of them follow, as a quantifier
 */
function token(
  kind: string,
  head: string,
  pieces: string,
  times: string,
  {
    rest = String.raw`${pieces}${times}(?!${pieces}|\w)`,
    isSecret = () => true,
    shortestPiece = 1,
  }: TokenOptions = {},
): SecretFormat {
  // Checks the start after the head: heads are rare, so this takes a tenth of the time.
  const headed = `${head}(?<=${start}${head})`;
  const whole = new RegExp(`(${headed})(${rest})`, 'g');
  const heads = new RegExp(headed, 'g');
  const lastRun = new RegExp(`(?<!${pieces})${pieces}*$`);
  return {
    kind,
    mask: `<${kind.replace(/^an? /, '')}>`,
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

/** The kind of a secret that the audit itself gave to a variable. */
export const namedSecret = (variable: string): string => `the secret ${variable}`;
