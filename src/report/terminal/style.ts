import { Chalk, type ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { ReportRow } from '../schema.ts';

export interface TerminalStyle {
  /** Columns to fit in. */
  columns: number;
  /** Chalk's colour level: 0 is none. */
  colour: 0 | 1 | 2 | 3;
}

/** Longer lines are hard to read. */
const widest = 100;
const narrowest = 40;

/** Colours and line breaks for the sections. */
export interface Page {
  paint: ChalkInstance;
  width: number;
  /** Wraps to the width: `first` before the first line, `indent` before the others. */
  wrap: (text: string, indent: string, first?: string) => string;
}

export function pageOf({ columns, colour }: TerminalStyle): Page {
  const width = Math.max(narrowest, Math.min(columns, widest));
  return {
    paint: new Chalk({ level: colour }),
    width,
    wrap: (text, indent, first = indent) =>
      wrapAnsi(text, width - indent.length, { hard: true })
        .split('\n')
        .map((line, index) => withoutCommand(`${index === 0 ? first : indent}${line}`))
        .join('\n'),
  };
}

/** GitHub's runner reads a line that begins with "::" as a command, and wrapping can move text of a server there. */
const withoutCommand = (line: string): string => line.replace(/^(\s*)::/, '$1: :');

/** The colour of a row's verdict. A failed required row stands out. */
export function verdictColour({ verdict, level }: ReportRow, paint: ChalkInstance): ChalkInstance {
  if (verdict === 'pass') return paint.green;
  if (verdict === 'fail') return level === 'required' ? paint.red.bold : paint.red;
  return verdict === 'partial' ? paint.yellow : paint.dim;
}
