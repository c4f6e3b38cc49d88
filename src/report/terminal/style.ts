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

/** What sections print with: colours, and lines that fit. */
export interface Page {
  paint: ChalkInstance;
  width: number;
  /** Wrapped to the width, the first line behind `first` and the others behind `indent`. */
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

/**
 * GitHub's runner takes a printed line that begins with "::", after any space, for a command. Text of a server can be long
 * enough to have one wrapped to the beginning of a line.
 */
const withoutCommand = (line: string): string => line.replace(/^(\s*)::/, '$1: :');

/** The colour of a row's verdict. A failed required row stands out. */
export function verdictColour({ verdict, level }: ReportRow, paint: ChalkInstance): ChalkInstance {
  if (verdict === 'pass') return paint.green;
  if (verdict === 'fail') return level === 'required' ? paint.red.bold : paint.red;
  return verdict === 'partial' ? paint.yellow : paint.dim;
}
