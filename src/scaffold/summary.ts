import { isAbsolute, relative } from 'node:path';
import type { Plan } from './plan.ts';
import type { ScaffoldResult, ScaffoldSteps } from './scaffold.ts';
import { chosen } from './selections.ts';

/** How to set words apart; plain text when both return what they get. */
export interface Emphasis {
  bold: (text: string) => string;
  dim: (text: string) => string;
}

type Step = [command: string, purpose: string];

/** What was made and what to do next, for people. Ends with a line break. */
export function summarise(plan: Plan, result: ScaffoldResult, cwd: string, { bold, dim }: Emphasis): string {
  const place = displayPath(plan.directory, cwd);
  const steps: Step[] = [];
  if (place !== '.') steps.push([`cd ${shellWord(place)}`, '']);
  if (!result.install?.installed) steps.push([plan.pm.install, 'install the dependencies']);
  steps.push(...settingsOf(plan), [plan.pm.start, 'serve http://127.0.0.1:3000/mcp']);
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `Created ${bold(plan.name)} in ${place} (${plan.files.length} files).`,
    '',
    'Next:',
    ...steps.map(([command, purpose]) => `  ${bold(command.padEnd(width))}  ${dim(purpose)}`.trimEnd()),
    'Then, in another terminal, there too:',
    ...auditOf(plan).map((command) => `  ${bold(command)}`),
    'Or at once, with neither keys nor the internet:',
    `  ${bold(`${plan.pm.exec} mcp-prod audit . --lab`)}`,
    '',
  ].join('\n');
}

/** What has to be filled in before the first start. */
function settingsOf({ selections }: Plan): Step[] {
  const settings: string[] = [];
  if (chosen(selections, 'provider') === 'openweathermap')
    settings.push('OPENWEATHER_API_KEY: get one at https://openweathermap.org/api');
  if (chosen(selections, 'auth') === 'oauth')
    settings.push(
      'OAUTH_ISSUER: the URL of your identity provider',
      'PUBLIC_URL: the URL at which clients reach this server',
    );
  if (chosen(selections, 'store') === 'redis') settings.push('REDIS_URL: where Redis listens');
  return settings.map((text, index) => [index === 0 ? 'edit .env' : '', text]);
}

/** Lines that fit a terminal, instead of one that does not. */
function auditOf({ selections, pm }: Plan): string[] {
  const audit = `${pm.exec} mcp-prod audit http://127.0.0.1:3000/mcp --project .`;
  const token = {
    'api-key': "export MCP_PROD_TOKEN=$(sed -n 's/^MCP_API_KEY=//p' .env)",
    oauth: 'export MCP_PROD_TOKEN=<an access token for this server>',
  }[chosen(selections, 'auth')];
  return token === undefined ? [audit] : [token, audit];
}

/** What would be made, without making it. Ends with a line break. */
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

/** Short for what is below the working directory, else absolute. */
export function displayPath(directory: string, cwd: string): string {
  const path = relative(cwd, directory);
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? directory : path;
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
