import type { Place } from '../../../evidence/declared.ts';
import { isEnvFile } from '../../../text/secrets/env-files.ts';
import { isHarmless, isPlaceholder } from '../../../text/secrets/placeholder.ts';
import { breathe, untilAborted } from '../breathe.ts';
import { isLockfile } from '../files/lockfiles.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { lineFinder, namesOf } from '../files/text.ts';
import { inspectFile, isFull, recordShape, type Secrets } from './literal-secrets.ts';

/** What people write by hand and commit: code, configuration, deployment descriptions. */
const written =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|sh|ps1|ex|exs|scala|swift|vue|svelte|json|jsonc|ya?ml|toml|ini|cfg|conf|config|properties|tf|tfvars|hcl|npmrc|service)$|(?:^|[/.])(?:dockerfile|containerfile|procfile|\.npmrc|\.netrc)$/i;

/**
 * Characters that are scanned at once. A scan of a small file takes longer to begin than to end. A scan of a large text
 * cannot be interrupted, and compares each of its findings with each.
 */
const batchSize = 24 * 1024;

/** Characters that a piece of a long file repeats of the one before: the scanner's patterns are shorter. */
const overlap = 2_048;

/** Keeps the end of one file from the beginning of the next: neither patterns nor white space reach over it. */
const separator = '\n\0\n';

/** What secretlint's rules find, by the id of the message. Of the others we know too little to accuse anybody. */
const kinds: Record<string, string> = {
  ANTHROPIC_API_KEY: 'an Anthropic API key',
  AWSSecretAccessKey: 'an AWS secret access key',
  BasicAuth: 'an address with a password',
  GITHUB_TOKEN: 'a GitHub token',
  IncomingWebhook: 'a Slack webhook address',
  LINEAR_API_TOKEN: 'a Linear API token',
  MongoDBConnection: 'a database address with a password',
  MySQLConnection: 'a database address with a password',
  NPM_ACCESS_TOKEN: 'an npm token',
  Npmrc_authToken: 'an npm token',
  OPENAI_TOKEN: 'an OpenAI API key',
  OPS_TOKEN: 'a 1Password service account token',
  PackageJSON_xOauthToken: 'a GitHub token',
  PostgreSQLConnection: 'a database address with a password',
  SENDGRID_KEY: 'a SendGrid API key',
  SHOPIFY_KEY: 'a Shopify token',
  SLACK_TOKEN: 'a Slack token',
};

/**
 * Finds secrets that show by their form in all that people write by hand, environment files apart. A comment that tells
 * the scanner to look away hides nothing, and is named in a notice.
 */
export async function scanForSecrets(names: string[], files: ProjectFiles, secrets: Secrets): Promise<void> {
  const scan = await loadScanner();
  const directives: string[] = [];
  let batch: Piece[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (!isFull(secrets)) await scan(batch, secrets);
    batch = [];
    size = 0;
    await breathe(files.signal);
  };
  await untilAborted(files.signal, async () => {
    for (const file of names) {
      if (!written.test(file) || isLockfile(file) || isEnvFile(file)) continue;
      const content = await files.read(file);
      if (!('text' in content)) continue;
      inspectFile(secrets, file, content.text);
      const lineOf = lineFinder(content.text);
      directives.push(...directivesIn(content.text).map((index) => `${file}:${lineOf(index)}`));
      for (const { text, index } of piecesOf(content.text)) {
        if (size + text.length > batchSize) await flush();
        batch.push({ text, from: size, placeOf: (at) => ({ file, line: lineOf(index + at) }) });
        size += text.length + separator.length;
      }
    }
    await flush();
  });
  if (directives.length > 0) {
    files.note(
      `Comments tell secretlint to ignore secrets. The audit did not follow them: ${namesOf(directives)}.`,
    );
  }
}

/** In one file; more say nothing new. */
const directiveLimit = 100;

/** Where a text tells secretlint to look away (secretlint-rule-filter-comments). */
function directivesIn(text: string): number[] {
  const found: number[] = [];
  for (const { index } of text.matchAll(/secretlint-disable/g)) {
    found.push(index);
    if (found.length === directiveLimit) break;
  }
  return found;
}

interface Piece {
  text: string;
  /** Where it begins in the batch. */
  from: number;
  /** @param at index in the piece */
  placeOf: (at: number) => Place;
}

/** A text in overlapping pieces that can be scanned at once. They begin behind white space where there is any. */
function* piecesOf(text: string): Generator<{ text: string; index: number }> {
  let index = 0;
  while (text.length - index > batchSize) {
    yield { text: text.slice(index, index + batchSize), index };
    const again = index + batchSize - overlap;
    index = again;
    while (index > again - overlap && !/\s/.test(text.charAt(index - 1))) index--;
  }
  yield { text: text.slice(index), index };
}

/** The rule by which a comment switches off the others. What is audited does not instruct the auditor. */
const commentFilter = '@secretlint/secretlint-rule-filter-comments';

/** secretlint and its rules, which take a moment to load. */
async function loadScanner(): Promise<(batch: Piece[], secrets: Secrets) => Promise<void>> {
  const [{ lintSource }, preset, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // It searches all earlier marks for each new one, so that every further batch would take longer than the one before.
  secretLintProfiler.mark = () => {};
  const rules = preset.rules.filter(({ meta }) => meta.id !== commentFilter);
  const config = { rules: rules.map((rule) => ({ id: rule.meta.id, rule, options: {} })) };
  return async (batch, secrets) => {
    const content = batch.map(({ text }) => text + separator).join('');
    const { messages } = await lintSource({
      source: { content, filePath: '/batch.txt', ext: '.txt', contentType: 'text' },
      options: { config, noPhysicFilePath: true },
    });
    for (const { messageId, range, data } of messages) {
      const kind = kinds[messageId];
      const piece = batch.findLast(({ from }) => from <= range[0]);
      if (kind === undefined || !piece) continue;
      // The range of some rules begins with the secret's name.
      const value = valueIn(data) ?? content.slice(...range);
      const { user, password } = partsOf(value);
      // postgres://postgres:postgres@localhost
      if (password === undefined ? isPlaceholder(value) : isHarmless(user, password) || password === user)
        continue;
      recordShape(secrets, kind, { value, part: password }, piece.placeOf(range[0] - piece.from));
    }
  };
}

/** The secret, as a rule's message names it. */
function valueIn(data: object | undefined): string | undefined {
  const { KEY, TOKEN, URI, URL, CREDENTIAL } = (data ?? {}) as Record<string, unknown>;
  return [KEY, TOKEN, URI, URL, CREDENTIAL].find((value) => typeof value === 'string') as string | undefined;
}

/** Of an address. */
function partsOf(value: string): { user: string; password: string | undefined } {
  const [, user = '', password] = /:\/\/([^:@/\s]*):([^@/\s]+)@/.exec(value) ?? [];
  return { user, password };
}
