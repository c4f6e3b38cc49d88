import path from 'node:path';
import type { DockerStage } from '../../../evidence/docker.ts';
import { execForm, splitWords } from '../../../text/shell-words.ts';
import { bounded, lineFinder } from '../files/text.ts';
import { describeHealthcheck } from '../platforms/healthcheck.ts';
import { inspectCommand, recorded } from '../secrets/literal-secrets.ts';
import { readCommand } from './command.ts';
import { type Context, declared, wordsOf } from './context.ts';
import { declareVariables } from './declarations.ts';
import type { Instruction } from './syntax.ts';

/** Adds the declarations of one instruction after FROM to its stage. */
export function readInstruction(instruction: Instruction, stage: DockerStage, context: Context): void {
  const { scope, at, escapeChar } = context;
  const { keyword, text } = instruction;
  if (commands.has(keyword)) inspectInstruction(instruction, context);
  switch (keyword) {
    case 'ARG':
    case 'ENV':
      stage.variables.push(...declareVariables(instruction, keyword, context));
      break;
    case 'WORKDIR':
      readWorkdir(text, stage, context);
      break;
    case 'USER':
      stage.user = declared(text, scope, at);
      break;
    case 'EXPOSE':
      stage.exposes.push(...splitWords(text, escapeChar).map((word) => declared(word, scope, at)));
      break;
    case 'RUN': {
      const documents = instruction.documents.map((document) => document.text);
      const mounts = instruction.flags.filter((flag) => /^--mount=.*\btype=bind\b/.test(flag)).slice(0, 20);
      stage.runs.push({
        text: recorded([text, ...documents].join('\n')),
        at,
        ...(mounts.length > 0 ? { mounts: mounts.map((mount) => recorded(mount, 300)) } : {}),
      });
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

/** Instructions that run a command, or write files from here-documents. */
const commands = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'COPY', 'ADD']);

function inspectInstruction({ text, documents, lineAt }: Instruction, { secrets, at }: Context): void {
  inspectCommand(secrets, text, (index) => ({ ...at, line: lineAt(index) }));
  for (const document of documents) {
    const lineOf = lineFinder(document.text);
    inspectCommand(secrets, document.text, (index) => ({ ...at, line: document.line + lineOf(index) - 1 }));
  }
}

function readWorkdir(text: string, stage: DockerStage, { scope, at }: Context): void {
  const directory = declared(text, scope, at);
  const absolute = directory.known ? absolutePath(directory.value, stage.workdir) : undefined;
  if (absolute === undefined) delete stage.workdir;
  else stage.workdir = absolute;
}

/** A path in the image; undefined when it depends on the working directory of the base image. */
function absolutePath(written: string, workdir: string | undefined): string | undefined {
  if (!written.startsWith('/') && workdir === undefined) return undefined;
  return bounded(path.posix.resolve('/', workdir ?? '/', written));
}

function readCopy(
  { flags, text }: Instruction,
  stage: DockerStage,
  { at, escapeChar, scope }: Context,
): void {
  const words = wordsOf(text, escapeChar).map((word) => recorded(word));
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
  const destination = words.at(-1) ?? '';
  const target = declared(destination, scope, at);
  const into = target.known ? absolutePath(target.value, stage.workdir) : undefined;
  stage.copies.push({
    ...(from ? { from: bounded(from, 200) } : {}),
    sources: words.slice(0, -1).slice(0, 100),
    destination,
    ...(into === undefined ? {} : { into }),
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
