import { type SecretFormat, start } from './format.ts';
import { isStandIn } from './placeholder.ts';
import { privateKey } from './private-key.ts';
import { urlKey } from './url-key.ts';
import { webToken } from './web-token.ts';

const word = '[A-Za-z0-9]';
const dashed = String.raw`[\w-]`;

/** Every secret that can be told by its form: for what is masked, for what answers expose, and for the files of a project. */
const formats: readonly SecretFormat[] = [
  privateKey,
  // Before those that may stand within one.
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
    // So that no CSS class or host name is taken for one.
    isSecret: (rest) => /[0-9]/.test(rest) && /[A-Z]/.test(rest),
    shortestPiece: 8,
  }),
  urlKey,
];

/** So many characters of a text tell whether a secret begins before them. */
export const secretReach = 1024;
/** Characters of the longest token, whose piece at the end of a text is looked for. */
const longestToken = 5_600;

/**
 * The text with a mask in the place of every secret that shows by its form. JSON stays JSON.
 *
 * @param cut whether the text goes on beyond its end: a secret without an end then reaches there
 * @param mask default: what says of which kind it was
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

/** The text without a piece of such a secret at its end. */
export function maskSecretAtCut(text: string): string {
  const before = Math.max(0, text.length - longestToken);
  const end = text.slice(before);
  const starts = formats.map(({ pieceAt }) => pieceAt(end)).filter((at) => at >= 0);
  return starts.length === 0 ? text : `${text.slice(0, before + Math.min(...starts))}<cut off>`;
}

export interface FoundSecret {
  kind: string;
  text: string;
  index: number;
}

/** More of one format in one text say nothing new. */
const limit = 100;

/** The secrets that a finding may report, at most 100 of a format; no stand-ins, and nothing that is made to be published. */
export function findSecrets(text: string): FoundSecret[] {
  return formats.flatMap((format) => {
    const found: FoundSecret[] = [];
    for (const secret of reported(format, text)) if (found.push(secret) === limit) break;
    return found;
  });
}

/**
 * The kinds of such secrets in the text, each once. Never a value.
 *
 * @param known a text that tells no secret: what stands there as well does not count
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
    if (isStandIn(value) || isReported?.(value, text.slice(Math.max(0, start - 100), start)) === false)
      continue;
    yield { kind, text: value, index: start };
  }
}

interface TokenOptions {
  /** The pattern of what follows the head; default: so many pieces. */
  rest?: string;
  /** Whether it is one, by what follows the head; default: always. */
  isSecret?: (rest: string) => boolean;
  /** Characters after the head of a piece that is told from a word. */
  shortestPiece?: number;
}

/**
 * A token of one piece. A search takes linear time as long as few heads stand in one run of `pieces`, or the first of them
 * takes the whole run.
 *
 * @param head how it begins
 * @param pieces a character of what follows
 * @param times how many of them follow
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
  // The start is looked at after the head is found: heads are rare, and finding them first takes a tenth of the time.
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

/** The kind of a secret whose variable is known, because the audit itself gave it. */
export const namedSecret = (variable: string): string => `the secret ${variable}`;
