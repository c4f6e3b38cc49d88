import { splitWords, unquote } from '../../../text/shell-words.ts';

export interface CommandLine {
  file: string;
  args: string[];
  /** A shell interprets it. */
  shell: boolean;
}

/** Characters that only a shell interprets. */
const shellSyntax = /[|&;<>()$`\\*?[\]#~{}!\n]/;
const assignment = /^[A-Za-z_]\w*=/;

/**
 * How a supervisor runs a start command: without a shell, so that signals reach the program (systemd's ExecStart, Docker's
 * exec form). Shell syntax gets a shell (Docker's shell form).
 *
 * @param command as a person writes it: "node dist/index.js", "FLAG=1 node ."
 */
export function commandLine(command: string): CommandLine {
  const words = splitWords(command, '\\');
  const [first, ...rest] = words.map((word) => unquote(word));
  if (first === undefined || assignment.test(first) || shellSyntax.test(command)) {
    return { file: '/bin/sh', args: ['-c', command], shell: true };
  }
  return { file: first, args: rest, shell: false };
}
