import { count, decimal } from '../../text/counts.ts';
import { printable } from '../../text/printable.ts';
import { rowFacts, rowLabels, serverText, targetText } from '../labels.ts';
import type { Report, ReportRow } from '../schema.ts';
import { byCategory, headline, losses, stepLimit, steps, unseen } from '../summary.ts';
import { type Page, pageOf, type TerminalStyle, verdictColour } from './style.ts';
import { summary } from './summary.ts';

/** The longest verdict and two spaces. */
const verdictWidth = 9;

/** The report for a person at a terminal. Verdicts are words: it reads the same without colour and aloud. */
export function terminalReport(report: Report, style: TerminalStyle): string {
  const page = pageOf(style);
  const sections = [
    heading(report, page),
    ...byCategory(report).map(({ category, rows }) =>
      [page.paint.bold(category), ...rows.map((row) => rowText(row, page))].join('\n'),
    ),
    fixFirst(report, page),
    notices(report, page),
    summary(report, page),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading(report: Report, { paint, wrap }: Page): string {
  const server = serverText(report);
  return [
    wrap(paint.bold(`${report.tool.name} ${report.tool.version}: audit of ${targetText(report)}`), ''),
    ...(server ? [wrap(paint.dim(server), '')] : []),
  ].join('\n');
}

function rowText(row: ReportRow, { paint, wrap }: Page): string {
  const indent = ' '.repeat(2 + verdictWidth);
  const verdict = verdictColour(row, paint)(rowLabels[row.verdict].padEnd(verdictWidth));
  const said = headline(row);
  const lost = losses(row);
  const contradictions = row.contradictions.filter((text) => text !== said && !lost.includes(text));
  const notes = [
    ...lost.map((text) => `Lost points: ${printable(text)}`),
    ...contradictions.map((text) => `Contradiction: ${printable(text)}`),
  ];
  const missing = unseen(row).map((text) => `Not seen: ${printable(text)}`);
  return [
    wrap(`${paint.bold(row.id)} ${paint.dim(`(${rowFacts(row)})`)}`, indent, `  ${verdict}`),
    wrap(row.verdict === 'unknown' ? paint.dim(printable(said)) : printable(said), indent),
    ...notes.map((note) => wrap(paint.yellow(note), indent)),
    ...missing.map((note) => wrap(paint.dim(note), indent)),
  ].join('\n');
}

function fixFirst(report: Report, { paint, wrap }: Page): string {
  const all = steps(report);
  if (all.length === 0) return '';
  const lines = all
    .slice(0, stepLimit)
    .map(({ row, gain }, index) =>
      wrap(
        `${paint.bold(row.id)} (+${decimal(gain)} points): ${row.fix}`,
        '     ',
        `  ${`${index + 1}.`.padEnd(3)}`,
      ),
    );
  const more = all.length - stepLimit;
  return [paint.bold('Fix first'), ...lines, ...(more > 0 ? [`  and ${count(more, 'more row')}`] : [])].join(
    '\n',
  );
}

function notices({ notices }: Report, { paint, wrap }: Page): string {
  if (notices.length === 0) return '';
  return [paint.bold('Notices'), ...notices.map((text) => wrap(printable(text), '    ', '  - '))].join('\n');
}
