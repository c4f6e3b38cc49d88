import { isAbsolute, relative } from 'node:path';
import type { Plan } from './plan.ts';
import type { ScaffoldResult, ScaffoldSteps } from './scaffold.ts';
import { chosen } from './selections.ts';

/** Terminal styles. For plain text, both return their argument. */
export interface Emphasis {
  bold: (text: string) => string;
  dim: (text: string) => string;
}

type Step = [command: string, purpose: string];

/** What was created and what to do next. Ends with a line break. */
export function summarise(plan: Plan, result: ScaffoldResult, cwd: string, { bold, dim }: Emphasis): string {
  const directory = displayPath(plan.directory, cwd);
  const steps: Step[] = [];
  if (directory !== '.') steps.push([`cd ${shellWord(directory)}`, '']);
  if (!result.install?.installed) steps.push([plan.pm.install, 'install the dependencies']);
  steps.push(...settingsOf(plan), [plan.pm.start, 'start the server at http://127.0.0.1:3000/mcp']);
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `Created ${bold(plan.name)} in ${directory} (${plan.files.length} files).`,
    '',
    'Next steps:',
    ...steps.map(([command, purpose]) => `  ${bold(command.padEnd(width))}  ${dim(purpose)}`.trimEnd()),
    'Audit the running server, from the same directory in another terminal:',
    ...auditOf(plan).map((command) => `  ${bold(command)}`),
    'Or audit it in the lab, without API keys or internet access:',
    `  ${bold(`${plan.pm.exec} mcp-prod audit . --lab`)}`,
    '',
  ].join('\n');
}

/** Settings to fill in before the first start. */
function settingsOf({ selections }: Plan): Step[] {
  const settings: string[] = [];
  if (chosen(selections, 'provider') === 'openweathermap')
    settings.push('OPENWEATHER_API_KEY: get one at https://openweathermap.org/api');
  if (chosen(selections, 'auth') === 'oauth')
    settings.push('OAUTH_ISSUER: the URL of your identity provider', 'PUBLIC_URL: the URL that clients use');
  if (chosen(selections, 'store') === 'redis') settings.push('REDIS_URL: the URL of Redis');
  return settings.map((text, index) => [index === 0 ? 'edit .env' : '', text]);
}

/** Several lines that fit a terminal. */
function auditOf({ selections, pm }: Plan): string[] {
  const audit = `${pm.exec} mcp-prod audit http://127.0.0.1:3000/mcp --project .`;
  const token = {
    'api-key': "export MCP_PROD_TOKEN=$(sed -n 's/^MCP_API_KEY=//p' .env)",
    oauth: 'export MCP_PROD_TOKEN=<an access token for this server>',
  }[chosen(selections, 'auth')];
  return token === undefined ? [audit] : [token, audit];
}

/** What would be created, for `--dry-run`. Ends with a line break. */
export function summarisePlan(
  plan: Plan,
  steps: ScaffoldSteps,
  cwd: string,
  { bold, dim }: Emphasis,
): string {
  const sizes = plan.files.map((file) => `${Buffer.byteLength(file.contents)} bytes`);
  const width = Math.max(...plan.files.map((file) => file.path.length));
  return [
    `Would create ${bold(plan.name)} in ${displayPath(plan.directory, cwd)} (${plan.files.length} files):`,
    ...plan.files.map(({ path, mode }, index) => {
      const note = mode === 0o600 ? ', readable by you only' : '';
      return `  ${path.padEnd(width)}  ${dim(`${sizes[index]}${note}`)}`;
    }),
    ...(steps.install ? [`Then: ${plan.pm.install}`] : []),
    ...(steps.git ? ['Then: git init and a first commit'] : []),
    'Nothing was written (--dry-run).',
    '',
  ].join('\n');
}

/** Relative if the directory is inside the working directory, else absolute. */
export function displayPath(directory: string, cwd: string): string {
  const path = relative(cwd, directory);
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? directory : path;
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
