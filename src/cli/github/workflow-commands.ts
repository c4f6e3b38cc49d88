import { visible } from '../../text/printable.ts';

/**
 * GitHub Actions reads commands in the output of a step, in stdout and in stderr alike (actions/runner, `ScriptHandler` and
 * `ActionCommand`): `::name::` at the beginning of a line, and the older `##[name]` anywhere in it.
 */

/** Whether this run is a step of GitHub Actions. */
export const onGitHub = (env: NodeJS.ProcessEnv): boolean => env.GITHUB_ACTIONS === 'true';

/** One command on a line of its own. What GitHub has no escape for is shown as an escape of ours, and looks so. */
export function workflowCommand(
  name: 'error' | 'warning',
  properties: Record<string, string | number>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}\n`;
}

const escapeData = (text: string): string =>
  shown(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Line breaks are GitHub's to escape; no other control, and no older command, stays in the line. */
const shown = (text: string): string =>
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

/** How characters can be written otherwise in a format, by the extension of its files. */
export const notationOf = (extension: string | undefined): Notation => notations[extension ?? ''] ?? 'text';

/** The first characters of commands in other words: for a parser the same, where there is one; else as a reader sees it. */
const otherwise: Record<Notation, { line: string; anywhere: string }> = {
  // No line of a JSON document begins with a colon.
  json: { line: '::', anywhere: '#\\u0023[' },
  markup: { line: '&#58;:', anywhere: '#&#35;[' },
  text: { line: ': :', anywhere: '# #[' },
};

/** Text that holds no workflow command, and says the same. */
export function inert(text: string, notation: Notation = 'text'): string {
  const { line, anywhere } = otherwise[notation];
  return text
    .replace(/^((?:[^\S\n\r\u2028\u2029]|\u0085)*)::/gm, (_, space: string) => `${space}${line}`)
    .replaceAll('##[', anywhere);
}
