import type { DockerStage } from '../../../evidence/docker.ts';
import { execForm } from '../../../text/shell-words.ts';
import { masked, maskText, recorded } from '../secrets/literal-secrets.ts';
import { type Command, type Context, wordsOf } from './context.ts';

/** CMD and ENTRYPOINT: sets the command of the stage. */
export function readCommand(
  instruction: 'CMD' | 'ENTRYPOINT',
  text: string,
  stage: DockerStage,
  { parts, at, escapeChar }: Context,
): void {
  const form = execForm(text) ? 'exec' : 'shell';
  const command: Command = { instruction, form, words: recordWords(wordsOf(text, escapeChar)), at };
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

/** Masks a word that is the value of the option before it: `--api-key`. */
function recordWords(words: string[]): string[] {
  return words.slice(0, 100).map((word, index) => {
    const pair = maskText(`${words[index - 1] ?? ''} ${word}`);
    return pair.endsWith(` ${masked}`) ? masked : recorded(word);
  });
}
