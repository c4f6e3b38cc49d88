import { visible } from '../../text/printable.ts';

/**
 * GitHub Actions reads commands in stdout and stderr of a step (actions/runner, `ScriptHandler` and `ActionCommand`):
 * `::name::` at the beginning of a line, and the older `##[name]` anywhere in it.
 */

/** Whether this run is a step of GitHub Actions. */
export const onGitHub = (env: NodeJS.ProcessEnv): boolean => env.GITHUB_ACTIONS === 'true';

/** One command on its own line. Controls without an escape in GitHub become visible escapes. */
export function workflowCommand(
  name: 'error' | 'warning',
  properties: Record<string, string | number>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}\n`;
}

const escapeData = (text: string): string =>
  sanitized(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Without controls and older commands. Line breaks stay: GitHub has an escape for them. */
const sanitized = (text: string): string =>
  text
    .split(/([\r\n]+)/)
    .map((part, index) => (index % 2 === 0 ? visible(part).replace(/##(?=\w*\[)/g, '#\\u{23}') : part))
    .join('');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

type Notation = 'json' | 'markup' | 'text';

const notations: Record<string, Notation> = {
  '.json': 'json',
  '.sarif': 'json',
  '.html': 'markup',
  '.xml': 'markup',
  '.svg': 'markup',
};

/** How a format can escape characters, by the extension of its files. */
export const notationOf = (extension: string | undefined): Notation => notations[extension ?? ''] ?? 'text';

/** The beginnings of commands, escaped: the same to a parser, or else similar to a reader. */
const escapes: Record<Notation, { line: string; anywhere: string }> = {
  // No line of a JSON document begins with a colon.
  json: { line: '::', anywhere: '#\\u0023[' },
  markup: { line: '&#58;:', anywhere: '#&#35;[' },
  text: { line: ': :', anywhere: '# #[' },
};

/** The text without workflow commands. */
export function inert(text: string, notation: Notation = 'text'): string {
  const { line, anywhere } = escapes[notation];
  return text
    .replace(/^((?:[^\S\n\r\u2028\u2029]|\u0085)*)::/gm, (_, space: string) => `${space}${line}`)
    .replaceAll('##[', anywhere);
}
