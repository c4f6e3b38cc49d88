import { badge } from './badge.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown/markdown.ts';
import { sarifReport } from './sarif.ts';
import type { Report } from './schema.ts';
import type { TerminalStyle } from './terminal/style.ts';
import { terminalReport } from './terminal/terminal.ts';

/** One format of the report. */
export interface Format {
  /** Of its files, with the dot. */
  extension?: string;
  write: (report: Report, style: TerminalStyle) => string;
}

/** Every format by its name on the command line. */
export const formats = {
  terminal: { write: terminalReport },
  json: { extension: '.json', write: jsonReport },
  markdown: { extension: '.md', write: markdownReport },
  html: { extension: '.html', write: htmlReport },
  junit: { extension: '.xml', write: junitReport },
  sarif: { extension: '.sarif', write: sarifReport },
  badge: { extension: '.svg', write: badge },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];
