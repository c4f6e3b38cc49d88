import type { Declared, Dockerfile, DockerStage, Place } from '../../evidence/project.ts';
import { StageScope } from './dockerfile-scope.ts';
import { type Instruction, parseInstructions } from './dockerfile-syntax.ts';
import { describeHealthcheck } from './healthcheck.ts';
import { inspectCommand, inspectFile, maskText, recordAssignment, type Secrets } from './literal-secrets.ts';
import { bounded, oneLine, reasonOf } from './text.ts';
import { execForm, splitWords, unquote } from './words.ts';

type Command = NonNullable<DockerStage['command']>;

/** The container runs ENTRYPOINT with CMD as its arguments, so both are kept until the stage ends. */
interface CommandParts {
  cmd?: Command;
  entrypoint?: Command;
}

/** Far more than anyone writes, and few enough to keep the variables of each. */
const stageLimit = 200;

/** In one instruction. */
const variableLimit = 200;

/** What the readers of single instructions share. */
interface Context {
  escapeChar: string;
  parts: CommandParts;
  scope: StageScope;
  secrets: Secrets;
  at: Place;
}

/**
 * Reads what one Dockerfile declares (Dockerfile reference). Never throws: what Docker would refuse is `broken`.
 *
 * @param file relative to the project's directory
 * @param text its content
 * @param secrets takes the literal secrets
 */
export function readDockerfile(file: string, text: string, secrets: Secrets): Dockerfile {
  inspectFile(secrets, file, text);
  try {
    return readStages(file, text, secrets);
  } catch (error) {
    return { file, stages: [], final: -1, broken: reasonOf(error) };
  }
}

function readStages(file: string, source: string, secrets: Secrets): Dockerfile {
  const { instructions, escapeChar, problem } = parseInstructions(source);
  const stages: DockerStage[] = [];
  const scopes: StageScope[] = [];
  let parts: CommandParts = {};
  const globals = new StageScope(escapeChar);
  let broken = problem;

  for (const instruction of instructions) {
    const at = { file, line: instruction.line };
    if (instruction.keyword === 'FROM') {
      if (stages.length === stageLimit) {
        broken ??= `line ${at.line}: more than ${stageLimit} stages`;
        break;
      }
      const stage = readFrom(instruction, stages, globals, at);
      const parent = stage.baseStage === undefined ? undefined : scopes[stage.baseStage];
      scopes.push(new StageScope(escapeChar, globals, parent));
      stages.push(stage);
      parts = {};
      continue;
    }
    const stage = stages.at(-1);
    const context = { escapeChar, parts, scope: scopes.at(-1) ?? globals, secrets, at };
    if (stage) readInstruction(instruction, stage, context);
    else if (instruction.keyword === 'ARG') declareVariables(instruction, 'ARG', context);
    else broken ??= `line ${at.line}: ${instruction.keyword} stands before the first FROM`;
  }
  if (stages.length === 0) broken ??= 'there is no FROM';
  const dockerfile: Dockerfile = { file, stages, final: stages.length - 1 };
  return broken === undefined ? dockerfile : { ...dockerfile, broken: oneLine(broken) };
}

function readFrom(
  instruction: Instruction,
  earlier: DockerStage[],
  globals: StageScope,
  at: Place,
): DockerStage {
  const [image = '', as, name] = splitWords(instruction.text, globals.escapeChar);
  const base = declared(image, globals, at);
  const stage: DockerStage = { at, base, variables: [], exposes: [], runs: [], copies: [] };
  if (as?.toUpperCase() === 'AS' && name !== undefined) stage.name = bounded(name, 100);
  const baseStage = base.known ? stageNamed(base.value, earlier) : -1;
  if (baseStage !== -1) stage.baseStage = baseStage;
  return stage;
}

/** Stage names ignore case; a bare number cannot be an image's name, so it is a stage's. */
function stageNamed(name: string, stages: DockerStage[]): number {
  const wanted = name.toLowerCase();
  const index = stages.findLastIndex((stage) => stage.name?.toLowerCase() === wanted);
  if (index !== -1) return index;
  return /^\d{1,4}$/.test(name) && Number(name) < stages.length ? Number(name) : -1;
}

function readInstruction(instruction: Instruction, stage: DockerStage, context: Context): void {
  const { scope, at, escapeChar } = context;
  const { keyword, text } = instruction;
  if (commands.has(keyword)) inspectInstruction(instruction, context);
  switch (keyword) {
    case 'ARG':
    case 'ENV':
      stage.variables.push(...declareVariables(instruction, keyword, context));
      break;
    case 'USER':
      stage.user = declared(text, scope, at);
      break;
    case 'EXPOSE':
      stage.exposes.push(...splitWords(text, escapeChar).map((word) => declared(word, scope, at)));
      break;
    case 'RUN': {
      const documents = instruction.documents.map((document) => document.text);
      stage.runs.push({ text: bounded(maskText([text, ...documents].join('\n'))), at });
      break;
    }
    case 'CMD':
    case 'ENTRYPOINT':
      readCommand(keyword, text, stage, context);
      break;
    case 'COPY':
    case 'ADD':
      readCopy(instruction, stage, context);
      break;
    case 'HEALTHCHECK':
      readHealthcheck(instruction, stage, context);
      break;
  }
}

/** Instructions whose text a shell or a program reads. */
const commands = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

function inspectInstruction({ text, documents, lineAt }: Instruction, { secrets, at }: Context): void {
  inspectCommand(secrets, text, (index) => ({ ...at, line: lineAt(index) }));
  for (const document of documents) {
    const placeAt = (index: number) => {
      const breaks = document.text.slice(0, index).split('\n').length - 1;
      return { ...at, line: document.line + breaks };
    };
    inspectCommand(secrets, document.text, placeAt);
  }
}

/** ENV and ARG: `NAME=value` several times, or the old `ENV NAME value`. */
function declareVariables(
  { text, lineAt }: Instruction,
  keyword: 'ENV' | 'ARG',
  { scope, secrets, at: { file }, escapeChar }: Context,
): DockerStage['variables'] {
  const pairs = splitPairs(text, keyword, escapeChar).slice(0, variableLimit);
  // What one ENV sets, it does not yet see itself.
  const expansions = pairs.map(({ name, raw }) => scope.declare(keyword, name, raw));
  return pairs.flatMap(({ name, raw, index }, position) => {
    const expansion = expansions[position];
    if (!expansion) return [];
    scope.set(keyword, name, expansion);
    const at = { file, line: lineAt(index) };
    const value: Declared<string> = expansion.known
      ? { known: true, value: recordAssignment(secrets, name, expansion.value, at), at }
      : { known: false, text: bounded(maskText(raw ?? '')), why: oneLine(expansion.why), at };
    return [{ name: bounded(name, 100), value, instruction: keyword }];
  });
}

/** The `NAME=value` of an instruction, with quotes as written and where in its text each one begins. */
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
    const split = word.indexOf('=');
    const name = unquote(split === -1 ? word : word.slice(0, split), escapeChar);
    return { name, raw: split === -1 ? undefined : word.slice(split + 1), index };
  });
}

function readCommand(
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

function readCopy({ flags, text }: Instruction, stage: DockerStage, { at, escapeChar }: Context): void {
  const words = (execForm(text) ?? splitWords(text, escapeChar).map((word) => unquote(word, escapeChar))).map(
    (word) => bounded(maskText(word)),
  );
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
  const destination = words.at(-1) ?? '';
  stage.copies.push({
    ...(from ? { from: bounded(from, 200) } : {}),
    sources: words.slice(0, -1).slice(0, 100),
    destination,
    at,
  });
}

function readHealthcheck({ flags, text }: Instruction, stage: DockerStage, { scope, at }: Context): void {
  const [, kind = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (kind.toUpperCase() === 'NONE') {
    stage.healthcheck = { kind: 'none', command: '', urls: [], at };
  } else if (kind.toUpperCase() === 'CMD') {
    const interval = flags.find((flag) => flag.startsWith('--interval='))?.slice('--interval='.length);
    stage.healthcheck = describeHealthcheck(execForm(rest) ?? rest, scope.lookup, interval, at);
  }
}

function declared(word: string, scope: StageScope, at: Place): Declared<string> {
  const result = scope.expand(word);
  return result.known
    ? { known: true, value: bounded(maskText(result.value)), at }
    : { known: false, text: bounded(maskText(word)), why: oneLine(result.why), at };
}
