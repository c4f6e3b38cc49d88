import type { TerminalStyle } from '../report/terminal/style.ts';
import type { CliContext } from './context.ts';

/**
 * The width of a stream, and its colours if it is a terminal.
 * `NO_COLOR` (no-color.org) and `FORCE_COLOR` (0 to 3) override the terminal.
 */
export function terminalStyle(stream: CliContext['stdout'], env: NodeJS.ProcessEnv): TerminalStyle {
  return { columns: stream.columns ?? 80, colour: colourLevel(stream, env) };
}

function colourLevel(stream: CliContext['stdout'], env: NodeJS.ProcessEnv): TerminalStyle['colour'] {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '2' ? 2 : forced === '3' ? 3 : 1;
  }
  if (env.NO_COLOR || !stream.isTTY || env.TERM === 'dumb') return 0;
  return env.COLORTERM === 'truecolor' ? 3 : env.TERM?.includes('256') ? 2 : 1;
}
