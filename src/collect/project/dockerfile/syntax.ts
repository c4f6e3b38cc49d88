import { DockerfileParser } from 'dockerfile-ast';
import { singleLine } from '../../../text/printable.ts';

/** One instruction on one logical line. */
export interface Instruction {
  /** Upper case. */
  keyword: string;
  /** Its first line, from 1. */
  line: number;
  /** `--from=build`, `--interval=30s`, before the arguments. */
  flags: string[];
  /** The arguments without continuation marks, comments and here-documents. */
  text: string;
  documents: HereDocument[];
  /** The line of a character of `text`. */
  lineAt: (index: number) => number;
}

interface HereDocument {
  text: string;
  /** Its first line, below `<<NAME`. */
  line: number;
}

export interface ParsedDockerfile {
  instructions: Instruction[];
  /** The line continuation: `\`, or "`" by `# escape=`. */
  escapeChar: string;
  /** The reason why Docker would refuse the file, in one line. */
  problem?: string;
}

const instructionLimit = 2_000;

const withFlags = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'HEALTHCHECK']);

const keywords = new Set(
  `ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME
   WORKDIR`.split(/\s+/),
);

/**
 * Splits a Dockerfile into instructions (Dockerfile reference: format, parser directives, here-documents). The parser
 * finds where instructions begin and end; lines are joined here, because its joined text keeps comments.
 */
export function parseInstructions(source: string): ParsedDockerfile {
  const content = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const lines = content.split('\n');
  const parsed = DockerfileParser.parse(content);
  const escapeChar = parsed.getEscapeCharacter();
  const instructions: Instruction[] = [];
  let problem: string | undefined;

  for (const item of parsed.getInstructions()) {
    const range = item.getRange();
    const line = range.start.line + 1;
    if (instructions.length === instructionLimit) {
      problem ??= `line ${line}: more than ${instructionLimit} instructions`;
      break;
    }
    const { logical, marks, rest } = joinLines(lines.slice(range.start.line, range.end.line + 1), escapeChar);
    const keyword = /^\S*/.exec(logical.trimStart())?.[0].toUpperCase() ?? '';
    if (!keywords.has(keyword)) {
      problem ??= `line ${line}: unknown instruction ${singleLine(keyword, 40)}`;
      continue;
    }
    let text = logical.trimStart().slice(keyword.length).trim();
    const flags: string[] = [];
    while (withFlags.has(keyword)) {
      const flag = /^--[a-z][\w-]*(?:=\S*)?(?=\s|$)/i.exec(text)?.[0];
      if (flag === undefined) break;
      flags.push(flag);
      text = text.slice(flag.length).trimStart();
    }
    const start = logical.trimEnd().length - text.length;
    const { documents, open } = splitDocuments(text, rest, range.end.line + 2 - rest.length);
    if (open !== undefined) problem ??= `line ${line}: the here-document ${singleLine(open, 40)} has no end`;
    const lineAt = (index: number) => line + lineOf(marks, start + index);
    instructions.push({ keyword, line, flags, text, documents, lineAt });
  }
  return problem === undefined ? { instructions, escapeChar } : { instructions, escapeChar, problem };
}

/** Joins continued lines without the comments and empty lines between them. The rest are here-documents. */
function joinLines(
  lines: string[],
  escapeChar: string,
): { logical: string; marks: number[]; rest: string[] } {
  let logical = '';
  const marks: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0 && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    const trimmed = line.trimEnd();
    marks[index] = logical.length;
    if (!trimmed.endsWith(escapeChar))
      return { logical: logical + line, marks, rest: lines.slice(index + 1) };
    logical += trimmed.slice(0, -escapeChar.length);
  }
  return { logical, marks, rest: [] };
}

/** The line of a character among the joined lines. `marks` has the start of each line, and holes for comments. */
function lineOf(marks: number[], offset: number): number {
  return Math.max(
    0,
    marks.findLastIndex((start) => start <= offset),
  );
}

/** Takes the bodies of `<<NAME` from the lines below. `open` is the name of one without an end. */
function splitDocuments(
  text: string,
  lines: string[],
  firstLine: number,
): { documents: HereDocument[]; open?: string } {
  if (lines.length === 0) return { documents: [] };
  const documents: HereDocument[] = [];
  let next = 0;
  for (const match of [...text.matchAll(/(?:^|\s)<<(-?)(["']?)([^\s"'<]+)\2/g)].slice(0, 50)) {
    const [, tabs, , name = ''] = match;
    const end = lines.findIndex(
      (line, index) => index >= next && (tabs ? line.replace(/^\t+/, '') : line) === name,
    );
    if (end === -1) return { documents, open: name };
    documents.push({ text: lines.slice(next, end).join('\n'), line: firstLine + next });
    next = end + 1;
  }
  const left = lines.slice(next).find((line) => line.trim() !== '');
  return left === undefined ? { documents } : { documents, open: left.trim() };
}
