import { isAbsolute, relative } from 'node:path';
import type { Plan } from './plan.ts';
import type { ScaffoldResult, ScaffoldSteps } from './scaffold.ts';

/** How to set words apart; plain text when both return what they get. */
export interface Emphasis {
  bold: (text: string) => string;
  dim: (text: string) => string;
}

/** Two lines that fit a terminal, instead of one that does not. */
const audit = [
  "export MCP_PROD_TOKEN=$(sed -n 's/^MCP_API_KEY=//p' .env)",
  'npx mcp-prod audit http://127.0.0.1:3000/mcp --project .',
];

/** What was made and what to do next, for people. Ends with a line break. */
export function summarise(plan: Plan, result: ScaffoldResult, cwd: string, { bold, dim }: Emphasis): string {
  const place = displayPath(plan.directory, cwd);
  const steps: Array<[command: string, purpose: string]> = [];
  if (place !== '.') steps.push([`cd ${shellWord(place)}`, '']);
  if (!result.install?.installed) steps.push(['npm install', 'install the dependencies']);
  steps.push(
    ['edit .env', 'OPENWEATHER_API_KEY: get one at https://openweathermap.org/api'],
    ['npm start', 'serve http://127.0.0.1:3000/mcp'],
  );
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `Created ${bold(plan.name)} in ${place} (${plan.files.length} files).`,
    '',
    'Next:',
    ...steps.map(([command, purpose]) => `  ${bold(command.padEnd(width))}  ${dim(purpose)}`.trimEnd()),
    'Then, in another terminal, there too:',
    ...audit.map((command) => `  ${bold(command)}`),
    '',
  ].join('\n');
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
    ...(steps.install ? ['Then: npm install'] : []),
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
