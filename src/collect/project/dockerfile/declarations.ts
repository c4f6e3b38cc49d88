import type { Declared } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import { singleLine } from '../../../text/printable.ts';
import { splitWords, unquote } from '../../../text/shell-words.ts';
import { bounded, splitAssignment } from '../files/text.ts';
import { recordAssignment, recordUnknown } from '../secrets/literal-secrets.ts';
import type { Context } from './context.ts';
import type { Instruction } from './syntax.ts';

/** Variables of one instruction. */
const variableLimit = 200;

/** ENV and ARG: any number of `NAME=value`, or the old `ENV NAME value`. */
export function declareVariables(
  { text, lineAt }: Instruction,
  keyword: 'ENV' | 'ARG',
  { scope, secrets, at: { file }, escapeChar }: Context,
): DockerStage['variables'] {
  const pairs = splitPairs(text, keyword, escapeChar).slice(0, variableLimit);
  // An instruction does not see its own variables.
  const expansions = pairs.map(({ name, raw }) => scope.declare(keyword, name, raw));
  return pairs.flatMap(({ name, raw, index }, position) => {
    const expansion = expansions[position];
    if (!expansion) return [];
    scope.set(keyword, name, expansion);
    const at = { file, line: lineAt(index) };
    const value: Declared<string> = expansion.known
      ? { known: true, value: recordAssignment(secrets, name, expansion.value, at), at }
      : { known: false, text: recordUnknown(name, raw ?? ''), why: singleLine(expansion.why), at };
    return [{ name: bounded(name, 100), value, instruction: keyword }];
  });
}

/** The assignments of an instruction, with quotes as written and the index of each in the text. */
function splitPairs(
  text: string,
  keyword: 'ENV' | 'ARG',
  escapeChar: string,
): { name: string; raw: string | undefined; index: number }[] {
  const words = splitWords(text, escapeChar);
  const first = words[0] ?? '';
  if (keyword === 'ENV' && first !== '' && !first.includes('=')) {
    return [{ name: first, raw: text.slice(first.length).trim(), index: 0 }];
  }
  let next = 0;
  return words.map((word) => {
    const index = text.indexOf(word, next);
    next = index + word.length;
    const { name, value: raw } = splitAssignment(word);
    return { name: unquote(name, escapeChar), raw, index };
  });
}
