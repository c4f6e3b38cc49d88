import { Chalk, type ChalkInstance } from 'chalk';
import wrapAnsi from 'wrap-ansi';
import { categories } from '../checklist/row.ts';
import type { Report, ReportRow } from './schema.ts';
import { headline, steps, unreadiness } from './summary.ts';
import { count, printable } from './text.ts';

export interface TerminalStyle {
  /** Columns to fit in. */
  columns: number;
  /** Chalk's colour level: 0 is none. */
  colour: 0 | 1 | 2 | 3;
}

const words: Record<ReportRow['verdict'], string> = {
  pass: 'PASS',
  partial: 'PARTIAL',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  'not-applicable': 'N/A',
};
const verdictWidth = 9;
const widestBar = 30;
/** How many steps "Fix first" names. */
const stepLimit = 5;

/** The report for a person at a terminal. Verdicts are words, so it reads the same without colour and aloud. */
export function terminalReport(report: Report, style: TerminalStyle): string {
  const paint = new Chalk({ level: style.colour });
  const width = Math.max(40, Math.min(style.columns, 110));
  const sections = [
    heading(report, paint, width),
    ...categories.map((category) => categorySection(category, report, paint, width)),
    fixFirst(report, paint, width),
    notices(report, paint, width),
    summary(report, paint, width),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading({ tool, target, server }: Report, paint: ChalkInstance, width: number): string {
  const named = [target.url, target.project].flatMap((part) => (part ? [printable(part, 200)] : []));
  const lines = [paint.bold(`${tool.name} ${tool.version}: audit of ${named.join(' with ')}`)];
  if (server) {
    const transports = server.transports.map((name) => (name === 'sse' ? 'HTTP+SSE' : 'Streamable HTTP'));
    lines.push(
      paint.dim(
        `${printable(server.name, 60)} ${printable(server.version, 30)}, ${transports.join(' and ')}, MCP ${server.revisions.map((revision) => printable(revision, 20)).join(', ')}`,
      ),
    );
  }
  return lines.map((line) => wrap(line, width, '')).join('\n');
}

function categorySection(category: string, report: Report, paint: ChalkInstance, width: number): string {
  const rows = report.rows.filter((row) => row.category === category);
  if (rows.length === 0) return '';
  return [paint.bold(category), ...rows.map((row) => rowText(row, paint, width))].join('\n');
}

function rowText(row: ReportRow, paint: ChalkInstance, width: number): string {
  const indent = ' '.repeat(2 + verdictWidth);
  const facts = [row.level, ...(row.proof ? [row.proof] : [])].join(', ');
  return [
    wrap(
      `${paint.bold(row.id)} ${paint.dim(`(${facts})`)}`,
      width,
      indent,
      `  ${verdictColour(row, paint)(words[row.verdict].padEnd(verdictWidth))}`,
    ),
    wrap(printable(headline(row)), width, indent),
    ...row.contradictions
      .filter((text) => text !== headline(row))
      .map((text) => wrap(paint.yellow(`Contradiction: ${printable(text)}`), width, indent)),
  ].join('\n');
}

function verdictColour({ verdict, level }: ReportRow, paint: ChalkInstance): ChalkInstance {
  if (verdict === 'pass') return paint.green;
  if (verdict === 'fail') return level === 'required' ? paint.red.bold : paint.red;
  return verdict === 'partial' ? paint.yellow : paint.dim;
}

function fixFirst(report: Report, paint: ChalkInstance, width: number): string {
  const all = steps(report);
  if (all.length === 0) return '';
  const lines = all
    .slice(0, stepLimit)
    .map(({ row, gain }, index) =>
      wrap(`${index + 1}. ${row.id} (+${number(gain)} points): ${row.fix}`, width, '     ', '  '),
    );
  const more = all.length - stepLimit;
  return [paint.bold('Fix first'), ...lines, ...(more > 0 ? [`  and ${count(more, 'more row')}`] : [])].join(
    '\n',
  );
}

function notices({ notices }: Report, paint: ChalkInstance, width: number): string {
  if (notices.length === 0) return '';
  return [
    paint.bold('Notices'),
    ...notices.map((text) => wrap(`- ${printable(text)}`, width, '    ', '  ')),
  ].join('\n');
}

function summary(report: Report, paint: ChalkInstance, width: number): string {
  const { score, coverage, gate, durationMs } = report;
  // What stands beside it: the label, the brackets and " 100 of 100".
  const barWidth = Math.min(widestBar, width - 24);
  const filled = Math.round(((score ?? 0) / 100) * barWidth);
  const colour =
    score === null ? paint.dim : score >= 90 ? paint.green : score >= 70 ? paint.yellow : paint.red;
  const bar = colour(`[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`);
  const unready = unreadiness(report);
  const lines = [
    `${paint.bold('Score')}     ${bar} ${score === null ? 'none' : `${score} of 100`}`,
    `${paint.bold('Coverage')}  ${coverage.assessed} of ${coverage.total} rows assessed`,
    wrap(unready ? `no: ${unready}` : 'yes', width, ' '.repeat(10), `${paint.bold('Ready')}     `),
    ...(gate
      ? [`${paint.bold('Gate')}      ${gate.passed ? paint.green('met') : paint.red('not met')}`]
      : []),
    ...(gate?.reasons ?? []).map((reason) =>
      wrap(`- ${printable(reason)}`, width, '            ', '          '),
    ),
    paint.dim(`Took ${(durationMs / 1000).toFixed(1)} s`),
  ];
  return lines.join('\n');
}

/** Points are halves and tenths at most: 4, 2.5. */
const number = (points: number): string => String(Math.round(points * 10) / 10);

/** Wrapped to `width`, the first line behind `first` and the others behind `indent`. */
function wrap(text: string, width: number, indent: string, first = indent): string {
  return wrapAnsi(text, width - indent.length, { hard: true })
    .split('\n')
    .map((line, index) => `${index === 0 ? first : indent}${line}`)
    .join('\n');
}
