import type { Declared, Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import { singleLine } from '../../../text/printable.ts';
import { bounded } from '../files/text.ts';
import { maskText, type Secrets } from '../secrets/literal-secrets.ts';
import type { StageScope } from './scope.ts';

export type Command = NonNullable<DockerStage['command']>;

/** The container runs ENTRYPOINT with CMD as its arguments, so both are kept until the stage ends. */
export interface CommandParts {
  cmd?: Command;
  entrypoint?: Command;
}

/** What the readers of single instructions share. */
export interface Context {
  escapeChar: string;
  parts: CommandParts;
  scope: StageScope;
  secrets: Secrets;
  at: Place;
}

/** A word with its variables filled in, or why they are not known. */
export function declared(word: string, scope: StageScope, at: Place): Declared<string> {
  const result = scope.expand(word);
  return result.known
    ? { known: true, value: bounded(maskText(result.value)), at }
    : { known: false, text: bounded(maskText(word)), why: singleLine(result.why), at };
}
