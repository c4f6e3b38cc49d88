import { isObject, parseJson } from '../json.ts';

/** A message spans at most so many lines: a list of validation errors is long. */
const maxMessageLines = 80;

const isFrame = (line: string): boolean => /^\s+(?:at |from |\.\.\. \d+ (?:more|common))/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';
/** Points at the source line of an uncaught exception (Node). */
const isCaret = (line: string): boolean => /^\s*\^+\s*$/.test(line);
const exception = /(?:Error|Exception)(?: \[\w+\])?:/;
const emitted = /^Emitted 'error' event/;

/** The message above the frames of a stack: `Error: …` (Node), `Exception in thread "main" …` and its causes (Java), .NET. */
export function messageByFrames(lines: readonly string[]): string | undefined {
  const heads = lines.flatMap((line, index) =>
    !isBlank(line) && !isFrame(line) && !emitted.test(line) && isFrame(lines[index + 1] ?? '') ? [index] : [],
  );
  // Those of causes are indented.
  const own = heads.findLast((index) => /^\S/.test(lines[beginning(lines, index)] ?? ''));
  const caret = lines.findLastIndex(isCaret);
  // Node prints a thrown text without a stack.
  if (own === undefined || own < caret) {
    return caret < 0 ? undefined : lines.slice(caret + 1).find((line) => !isBlank(line));
  }
  const message = wholeMessage(lines, own);
  const inner = heads.filter((index) => index > own).map((index) => (lines[index] ?? '').trim());
  // An AggregateError has no message of its own.
  const [first] = inner;
  if (/(?:Error|Exception)(?: \[\w+\])?:?\s*$/.test(message) && first !== undefined)
    return `${message} ${first}`;
  const cause = inner.findLast((line) => line.startsWith('[cause]: '))?.slice('[cause]: '.length);
  return cause === undefined ? message : `${message} (cause: ${cause})`;
}

function wholeMessage(lines: readonly string[], end: number): string {
  const message = lines.slice(beginning(lines, end), end + 1).join('\n');
  // Node prints an AggregateError without a stack as `[AggregateError: …] { [errors]: [ … ] }`.
  return listed(message.replace(/^Caused by: /, '').replace(/^\[(.*)\] \{\n\s+\[errors\]: \[\n\s*/, '$1: '));
}

/** The first line of the message that ends here. */
function beginning(lines: readonly string[], end: number): number {
  for (let at = end; at >= 0 && at > end - maxMessageLines; at -= 1) {
    const line = lines[at] ?? '';
    if (isFrame(line) || isCaret(line)) break;
    if (/^\S/.test(line) && exception.test(line)) return at;
  }
  return end;
}

/** Zod prints its issues as JSON: "API_KEY: Required". */
function listed(message: string): string {
  const list = message.indexOf('[\n');
  const issues = list < 0 ? undefined : parseJson(message.slice(list));
  if (!Array.isArray(issues)) return message;
  const texts = issues.flatMap((issue) =>
    isObject(issue) && Array.isArray(issue.path) ? [`${issue.path.join('.')}: ${issue.message}`] : [],
  );
  return `${message.slice(0, list)}${texts.join('; ')}`;
}
