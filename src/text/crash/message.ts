import { lineCharacters, singleLine } from '../printable.ts';
import { maskSecrets } from '../secrets/catalogue.ts';
import { messageByFrames } from './frames.ts';
import { jsonMessage } from './json-line.ts';
import { pythonMessage } from './python.ts';
import { missingVariables } from './variables.ts';

/** A line that a program wrote before it ended. */
interface Line {
  stream: string;
  text: string;
}

/** The end of the output is enough. */
const maxLines = 300;
const maxCharacters = 2_000;

/** What package managers and runtimes print after the message. */
const trailer =
  /^(?:npm (?:ERR!|error|notice|warn)|Node\.js v\d|error Command failed|info Visit https:|.?ELIFECYCLE|exit status \d|note: (?:run with|Some details)|error: script "|make: \*\*\*|\[nodemon\]|\(Use `node )/i;
/** Remarks that follow a message. */
const remark =
  /^\W*(?:usage|see |hint|help|for (?:help|more)|exiting|exit(?:ed)?\b|shutting|goodbye|bye|stopp(?:ed|ing)|clos(?:ed|ing)|done)/i;
const failure =
  /error|fatal|fail|cannot|can't|could not|unable|missing|required|must|refused|denied|invalid|not (?:set|found)/i;
const harmless = /warn|optional|disabled|default|fallback|skipp|deprecat/i;
/** A message is followed by no more lines than these. */
const nearLines = 10;
const npmMessage = /^npm (?:ERR!|error) (?!code|syscall|path|errno|command|Lifecycle|A complete log)\S/i;

/**
 * The line of a program's output that says why it ended, instead of the last stack frame: an exception of Node, Python, Java or
 * .NET, a panic of Go or Rust, a JSON line of level error, or the last line of text.
 *
 * @returns one line without control characters and secrets; undefined when nothing was printed
 */
export function crashMessage(output: readonly Line[], limit = lineCharacters): string | undefined {
  const lines = output.slice(-maxLines).map(({ stream, text }) => ({ stream, text: withoutColours(text) }));
  const errors = lines.filter(({ stream }) => stream === 'stderr').map(textOf);
  const all = lines.map(textOf);
  const candidates = [
    ...structured.map((read) => read(errors) ?? read(all)),
    jsonMessage(all),
    plainMessage(all),
  ].filter((text) => text !== undefined);
  // The message that names a variable is the one that helps.
  const best = candidates.find((text) => missingVariables(text).length > 0) ?? candidates[0];
  return best === undefined ? undefined : singleLine(maskSecrets(best.replace(/[\s\p{Cc}]+/gu, ' ')), limit);
}

/** The variables whose absence ended the program, by its message. */
export const variablesMissedBy = (output: readonly Line[]): string[] =>
  missingVariables(crashMessage(output, maxCharacters) ?? '');

const structured = [pythonMessage, messageByFrames, goPanic, rustPanic];

const textOf = ({ text }: Line): string => text;

const withoutColours = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  text.slice(0, maxCharacters).replace(/\u001b\[[\d;]*m/g, '');

/** `panic: …` before `goroutine 1 [running]:`. The runtime prints a panic again where it was recovered. */
function goPanic(lines: readonly string[]): string | undefined {
  const stack = lines.findIndex((line) => /^goroutine \d+ /.test(line));
  if (stack < 0) return undefined;
  return lines.slice(0, stack).findLast((line) => /^\s*(?:panic|fatal error): /.test(line));
}

/** `thread 'main' panicked at src/main.rs:5:10:` and the next line, or in the line itself before Rust 1.73. */
function rustPanic(lines: readonly string[]): string | undefined {
  const at = lines.findLastIndex((line) => /^thread '[^']*'(?: \(\d+\))? panicked at /.test(line));
  const line = lines[at];
  if (line === undefined) return undefined;
  const quoted = /^thread [^\n]{0,100}? panicked at '(.*)', \S+$/.exec(line)?.[1];
  if (quoted !== undefined) return quoted;
  const message = lines.slice(at + 1);
  const end = message.findIndex((text) => text.trim() === '' || /^(?:note:|stack backtrace:)/.test(text));
  return message.slice(0, end < 0 ? undefined : end).join(' ') || undefined;
}

/** The last line that reports a failure, or the last line. Trailers and remarks may follow it. */
function plainMessage(lines: readonly string[]): string | undefined {
  const written = lines.filter((line) => line.trim() !== '').reverse();
  const own = written.filter((line) => /[\p{L}\p{N}]/u.test(line) && !trailer.test(line) && !isFrame(line));
  const [last] = own;
  // The banner of npm: nothing else was printed.
  if (last === undefined || last.startsWith('> '))
    return lines.find((line) => npmMessage.test(line)) ?? written[0];
  const near = own.slice(0, nearLines);
  return (
    near.find((line) => failure.test(line) && !harmless.test(line)) ??
    near.find((line) => !remark.test(line)) ??
    last
  );
}

const isFrame = (line: string): boolean => /^\s+(?:at |File "|from )/.test(line);
