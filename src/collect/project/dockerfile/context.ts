import type { Declared, Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import { execForm, splitWords, unquote } from '../../../text/shell-words.ts';
import { declaredAs } from '../declared.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
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

/** A word with its variables filled in, or why they are unknown. */
export const declared = (word: string, scope: StageScope, at: Place): Declared<string> =>
  declaredAs(scope.expand(word), word, at);

/** The words of an instruction in exec form or shell form. */
export const wordsOf = (text: string, escapeChar: string): string[] =>
  execForm(text) ?? splitWords(text, escapeChar).map((word) => unquote(word, escapeChar));
