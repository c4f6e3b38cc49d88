import type { Place } from '../../../evidence/declared.ts';
import { isLockfile } from '../files/lockfiles.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { isEnvFile } from './env-files.ts';
import { inspectFile, recordShape, type Secrets } from './literal-secrets.ts';
import { isHarmless } from './placeholder.ts';

/** What people write by hand and commit: code, configuration, deployment descriptions. */
const written =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|sh|ps1|ex|exs|scala|swift|vue|svelte|json|jsonc|ya?ml|toml|ini|cfg|conf|config|properties|tf|tfvars|hcl|npmrc|service)$|(?:^|[/.])(?:dockerfile|containerfile|procfile|\.npmrc|\.netrc)$/i;

/** Characters that are scanned at once: a scan of a small file takes longer to begin than to end. */
const batchSize = 512 * 1024;

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

/** Finds secrets that show by their form in all that people write by hand, environment files apart. */
export async function scanForSecrets(names: string[], files: ProjectFiles, secrets: Secrets): Promise<void> {
  const scan = await loadScanner();
  let batch: Part[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    await scan(batch, secrets);
    batch = [];
    size = 0;
  };
  for (const file of names) {
    if (files.ended) return;
    if (!written.test(file) || isLockfile(file) || isEnvFile(file)) continue;
    const content = await files.read(file);
    if (!('text' in content)) continue;
    inspectFile(secrets, file, content.text);
    batch.push({ file, text: content.text, from: size });
    size += content.text.length + separator.length;
    if (size > batchSize) await flush();
  }
  await flush();
}

interface Part {
  file: string;
  text: string;
  /** Where it begins in the batch. */
  from: number;
}

/** Keeps the end of one file from meeting the beginning of the next. */
const separator = '\n\n';

/** secretlint and its rules, which take a moment to load. */
async function loadScanner(): Promise<(batch: Part[], secrets: Secrets) => Promise<void>> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config = { rules: [{ id: creator.meta.id, rule: creator, options: {} }] };
  return async (batch, secrets) => {
    const content = batch.map(({ text }) => text + separator).join('');
    const { messages } = await lintSource({
      source: { content, filePath: '/batch.txt', ext: '.txt', contentType: 'text' },
      options: { config, noPhysicFilePath: true },
    });
    for (const { messageId, range } of messages) {
      const kind = kinds[messageId];
      const part = batch.findLast(({ from }) => from <= range[0]);
      if (kind === undefined || !part) continue;
      const value = content.slice(...range);
      if (isStandIn(value)) continue;
      recordShape(secrets, kind, value, placeIn(part, range[0]));
    }
  };
}

function placeIn({ file, text, from }: Part, index: number): Place {
  return { file, line: text.slice(0, index - from).split('\n').length };
}

/** A filler, or an address whose password is one: `postgres://postgres:postgres@localhost`. */
function isStandIn(value: string): boolean {
  const [, user = '', password] = /:\/\/([^:@/\s]*):([^@/\s]+)@/.exec(value) ?? [];
  if (password !== undefined) return isHarmless(user, password) || password === user;
  return /x{8}|0{12}|\*{4}|example|your[-_]/i.test(value);
}
