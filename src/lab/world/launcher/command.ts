import { splitWords, unquote } from '../../../text/shell-words.ts';

export interface CommandLine {
  file: string;
  words: string[];
  /** Whether a shell reads it. */
  shell: boolean;
}

/**
 * Characters that mean something to a shell alone: pipes, lists, redirections, variables, substitutions, patterns,
 * comments, escapes.
 */
const shellSyntax = /[|&;<>()$`\\*?[\]#~{}!\n]/;
const assignment = /^[A-Za-z_]\w*=/;

/**
 * How a supervisor runs a start command: words are a program and its arguments, as in systemd's ExecStart and Docker's
 * exec form, and the signal reaches the program itself. What needs a shell gets one, as Docker's shell form does.
 *
 * @param command as a person writes it: "node dist/index.js", "FLAG=1 node ."
 */
export function commandLine(command: string): CommandLine {
  const words = splitWords(command, '\\');
  const [first, ...rest] = words.map((word) => unquote(word));
  if (first === undefined || assignment.test(first) || shellSyntax.test(command)) {
    return { file: '/bin/sh', words: ['-c', command], shell: true };
  }
  return { file: first, words: rest, shell: false };
}
