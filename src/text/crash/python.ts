/** Lines of a message that spans several. */
const maxMore = 20;

/** The exception below the last traceback: after the chain of causes, and within an exception group. */
export function pythonMessage(lines: readonly string[]): string | undefined {
  const bare = lines.map(withoutTree);
  const start = bare.findLastIndex((line) => line.includes('Traceback (most recent call last)'));
  if (start < 0) return undefined;
  const below = bare.slice(start + 1);
  // Frames are indented, or stand in a box (rich).
  const at = below.findIndex((line) => /^[^\s│╭╰]/.test(line));
  const message = below[at];
  if (message === undefined) return undefined;
  const more = below.slice(at + 1, at + 1 + maxMore);
  const end = more.findIndex((line) => line.trim() === '');
  const rest = end < 0 ? more : more.slice(0, end);
  if (/\d validation errors? for /.test(message)) return `${message}: ${fieldErrors(rest).join('; ')}`;
  return message.endsWith(':') ? [message, ...rest].join(' ') : message;
}

/** Exception groups are drawn as a tree: `  | KeyError: 'X'`, `  +---------------- 1 ----------------`. */
const withoutTree = (line: string): string => line.replace(/^ *(?:\| ?|\+[-+ \d]*)/, '');

/** Each field of pydantic's ValidationError, with what is wrong: `api_key: Field required`. */
function fieldErrors(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const problem = lines[index + 1];
    return /^\S/.test(line) && problem?.startsWith('  ')
      ? [`${line}: ${problem.replace(/[[(]type=.*$/, '').trim()}`]
      : [];
  });
}
