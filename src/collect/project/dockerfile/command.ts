import type { DockerStage } from '../../../evidence/docker.ts';
import { execForm, splitWords, unquote } from '../../../text/shell-words.ts';
import { bounded } from '../files/text.ts';
import { maskText } from '../secrets/literal-secrets.ts';
import type { Command, Context } from './context.ts';

/** CMD and ENTRYPOINT: puts what the container runs into the stage. */
export function readCommand(
  instruction: 'CMD' | 'ENTRYPOINT',
  text: string,
  stage: DockerStage,
  { parts, at, escapeChar }: Context,
): void {
  const exec = execForm(text);
  const words = exec ?? splitWords(text, escapeChar).map((word) => unquote(word, escapeChar));
  const command: Command = { instruction, form: exec ? 'exec' : 'shell', words: recordWords(words), at };
  if (instruction === 'CMD') parts.cmd = command;
  else parts.entrypoint = command;
  const { cmd, entrypoint } = parts;
  // A shell form ENTRYPOINT takes no arguments (Dockerfile reference: how CMD and ENTRYPOINT interact).
  if (entrypoint?.form === 'exec' && cmd?.form === 'exec') {
    stage.command = { ...entrypoint, words: [...entrypoint.words, ...cmd.words] };
  } else {
    stage.command = entrypoint ?? command;
  }
}

/** The word after `--api-key` is the key. */
function recordWords(words: string[]): string[] {
  return words.slice(0, 100).map((word, index) => {
    const pair = maskText(`${words[index - 1] ?? ''} ${word}`);
    return bounded(pair.endsWith(' [masked]') ? '[masked]' : maskText(word));
  });
}
