import type { Place } from '../../../evidence/declared.ts';
import { isEnvFile } from '../../../text/secrets/env-files.ts';
import { isHarmless, isPlaceholder } from '../../../text/secrets/placeholder.ts';
import { isLockfile } from '../files/lockfiles.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { lineFinder, namesOf } from '../files/text.ts';
import { pause, untilAborted } from '../pause.ts';
import { inspectFile, isFull, recordByForm, type Secrets } from './literal-secrets.ts';

/** Files that people write: code, configuration, deployment descriptions. */
const handWritten =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|sh|ps1|ex|exs|scala|swift|vue|svelte|json|jsonc|ya?ml|toml|ini|cfg|conf|config|properties|tf|tfvars|hcl|npmrc|service)$|(?:^|[/.])(?:dockerfile|containerfile|procfile|\.npmrc|\.netrc)$/i;

/** Characters that are scanned at once. A scan has a high fixed cost, and a large one cannot be interrupted. */
const batchSize = 24 * 1024;

/** Characters that two pieces of a long file share. The scanner's patterns are shorter. */
const overlap = 2_048;

/** Separates two files: neither a pattern nor white space matches across it. */
const separator = '\n\0\n';

/** The kinds of secrets by the id of secretlint's message. Other messages are too uncertain for a finding. */
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
 * Finds secrets by their form in hand-written files other than environment files. A comment that disables the scanner has
 * no effect, and a notice names it.
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
    await pause(files.signal);
  };
  await untilAborted(files.signal, async () => {
    for (const file of names) {
      if (!handWritten.test(file) || isLockfile(file) || isEnvFile(file)) continue;
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
    files.note(`Comments disable secretlint. The audit ignored these comments: ${namesOf(directives)}.`);
  }
}

/** Comments of one file. */
const directiveLimit = 100;

/** The indexes of comments that disable secretlint (secretlint-rule-filter-comments). */
function directivesIn(text: string): number[] {
  return [...text.matchAll(/secretlint-disable/g)].slice(0, directiveLimit).map(({ index }) => index);
}

interface Piece {
  text: string;
  /** Index in the batch. */
  from: number;
  /** @param at index in the piece */
  placeOf: (at: number) => Place;
}

/** A text in overlapping pieces of the batch size. A piece begins after white space if possible. */
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

/** The rule by which comments disable others. The audited project must not control the audit. */
const commentFilter = '@secretlint/secretlint-rule-filter-comments';

/** Loads secretlint and its rules, which takes a moment. */
async function loadScanner(): Promise<(batch: Piece[], secrets: Secrets) => Promise<void>> {
  const [{ lintSource }, preset, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // The profiler's cost grows with the number of batches.
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
      // The range of some rules includes the secret's name.
      const value = valueIn(data) ?? content.slice(...range);
      const { user, password } = credentialsOf(value);
      // postgres://postgres:postgres@localhost
      if (password === undefined ? isPlaceholder(value) : isHarmless(user, password) || password === user)
        continue;
      recordByForm(secrets, kind, { value, part: password }, piece.placeOf(range[0] - piece.from));
    }
  };
}

/** The secret in a rule's message. */
function valueIn(data: object | undefined): string | undefined {
  const { KEY, TOKEN, URI, URL, CREDENTIAL } = (data ?? {}) as Record<string, unknown>;
  return [KEY, TOKEN, URI, URL, CREDENTIAL].find((value) => typeof value === 'string') as string | undefined;
}

/** The credentials in an address. */
function credentialsOf(value: string): { user: string; password: string | undefined } {
  const [, user = '', password] = /:\/\/([^:@/\s]*):([^@/\s]+)@/.exec(value) ?? [];
  return { user, password };
}
