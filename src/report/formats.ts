import { jsonReport } from './json.ts';
import type { Report } from './schema.ts';
import { type TerminalStyle, terminalReport } from './terminal.ts';

/** One way to write a report down. */
export interface Format {
  /** Of files in it, with the dot. */
  extension?: string;
  write: (report: Report, style: TerminalStyle) => string;
}

/** Every format by its name on the command line. */
export const formats = {
  terminal: { write: terminalReport },
  json: { extension: '.json', write: jsonReport },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];
