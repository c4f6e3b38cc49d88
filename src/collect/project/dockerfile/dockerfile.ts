import type { Place } from '../../../evidence/declared.ts';
import type { BuildArgument, Dockerfile, DockerStage } from '../../../evidence/docker.ts';
import { singleLine } from '../../../text/printable.ts';
import { splitWords } from '../../../text/shell-words.ts';
import { bounded, reasonOf } from '../files/text.ts';
import { inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { type CommandParts, declared } from './context.ts';
import { declareVariables } from './declarations.ts';
import { readInstruction } from './instructions.ts';
import { StageScope } from './scope.ts';
import { type Instruction, type ParsedDockerfile, parseInstructions } from './syntax.ts';

const stageLimit = 200;
const variableLimit = 5_000;

/** Characters. Nothing can interrupt the parser. */
const textLimit = 128 * 1024;

/** A Dockerfile that could not be read. */
export const brokenDockerfile = (file: string, broken: string): Dockerfile => ({
  file,
  stages: [],
  final: -1,
  broken,
});

/**
 * Reads what one Dockerfile declares (Dockerfile reference). Never throws: what Docker would refuse is `broken`.
 *
 * @param file relative to the project's directory
 * @param text its content
 * @param secrets takes the literal secrets
 * @returns a function from build arguments, which override the defaults of the file, to the stages
 */
export function dockerfileReader(
  file: string,
  text: string,
  secrets: Secrets,
): (args: readonly BuildArgument[]) => Dockerfile {
  if (text.length > textLimit) {
    return () => brokenDockerfile(file, `the file is longer than ${textLimit / 1024} KiB`);
  }
  inspectFile(secrets, file, text);
  const parsed = attempt(() => parseInstructions(text));
  return (args) => {
    if ('problem' in parsed) return brokenDockerfile(file, parsed.problem);
    const given = new Map(args.map(({ name, value }) => [name, value]));
    const read = attempt(() => readStages(file, parsed.value, secrets, given));
    return 'problem' in read ? brokenDockerfile(file, read.problem) : read.value;
  };
}

function attempt<T>(work: () => T): { value: T } | { problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

function readStages(
  file: string,
  { instructions, escapeChar, problem }: ParsedDockerfile,
  secrets: Secrets,
  args: ReadonlyMap<string, string>,
): Dockerfile {
  const stages: DockerStage[] = [];
  const scopes: StageScope[] = [];
  let parts: CommandParts = {};
  const globals = new StageScope(escapeChar, undefined, undefined, args);
  let broken = problem;
  let variables = 0;

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
    if (stage) {
      const before = stage.variables.length;
      readInstruction(instruction, stage, context);
      variables += stage.variables.length - before;
    } else if (instruction.keyword === 'ARG') declareVariables(instruction, 'ARG', context);
    else broken ??= `line ${at.line}: ${instruction.keyword} precedes the first FROM`;
    if (variables > variableLimit) {
      broken ??= `line ${at.line}: more than ${variableLimit} variables`;
      break;
    }
  }
  if (stages.length === 0) broken ??= 'the file has no FROM';
  const dockerfile: Dockerfile = { file, stages, final: stages.length - 1 };
  return broken === undefined ? dockerfile : { ...dockerfile, broken: singleLine(broken) };
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
  const parent = earlier[baseStage];
  if (parent) stage.baseStage = baseStage;
  if (parent?.workdir !== undefined) stage.workdir = parent.workdir;
  return stage;
}

/** Stage names ignore case; a bare number cannot be an image's name, so it is a stage's. */
function stageNamed(name: string, stages: DockerStage[]): number {
  const wanted = name.toLowerCase();
  const index = stages.findLastIndex((stage) => stage.name?.toLowerCase() === wanted);
  if (index !== -1) return index;
  return /^\d{1,4}$/.test(name) && Number(name) < stages.length ? Number(name) : -1;
}
