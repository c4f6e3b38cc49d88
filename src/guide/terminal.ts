import type { ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { Remedy } from '../checklist/remedy.ts';
import { categories } from '../checklist/row.ts';
import { pageOf, type TerminalStyle } from '../report/terminal/style.ts';
import {
  appliesTo,
  type CriterionDescription,
  type Description,
  judgedBy,
  profileText,
  roleText,
} from './describe.ts';

/** The whole checklist, one row a line. */
export function listText(checks: readonly Description[], style: TerminalStyle): string {
  const { paint } = pageOf(style);
  const width = (of: (check: Description) => string) => Math.max(...checks.map((check) => of(check).length));
  const id = width((check) => check.id);
  const level = width((check) => check.level);
  const profile = width(firstProfile);
  const sections = categories.map((category) =>
    [
      paint.bold(category),
      ...checks
        .filter((check) => check.category === category)
        .map(
          (check) =>
            `  ${check.id.padEnd(id)}  ${check.level.padEnd(level)}  ${firstProfile(check).padEnd(profile)}  ${check.title}`,
        ),
    ].join('\n'),
  );
  const more = paint.dim(
    'Run mcp-prod checks <id> to read why a row matters, how it is judged and how to fix it.',
  );
  return `${[...sections, more].join('\n\n')}\n`;
}

/** The smallest profile with this row: a profile includes the ones before it. */
const firstProfile = ({ profiles }: Description): string => profiles[0] ?? '';

/** One row, explained. */
export function explanation(check: Description, style: TerminalStyle): string {
  const { paint, width } = pageOf(style);
  const wrap = (text: string, indent = 2) => indented(text, width, indent);
  const sections = [
    [
      paint.bold(`${check.id}: ${check.title}`),
      [
        check.category,
        `${check.level} (${check.points} points)`,
        profileText(check),
        ...appliesTo(check),
      ].join(', '),
    ],
    [paint.bold('Why'), wrap(check.why)],
    [paint.bold('How it is judged'), ...check.criteria.flatMap((item) => criterionText(item, paint, wrap))],
    [paint.bold('How to fix it'), wrap(check.fix)],
    remedyText('TypeScript', check.remedies.typescript, paint, wrap),
    remedyText('Python (FastMCP)', check.remedies.python, paint, wrap),
    [paint.bold('Sources'), ...check.sources.map((source) => wrap(`- ${source}`))],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Wrap = (text: string, indent?: number) => string;

function criterionText(criterion: CriterionDescription, paint: ChalkInstance, wrap: Wrap): string[] {
  return [
    wrap(criterion.title),
    paint.dim(wrap(`${criterion.id}; ${roleText(criterion)}; judged by ${judgedBy(criterion)}`, 4)),
    ...(criterion.fix === undefined ? [] : [wrap(`Fix: ${criterion.fix}`, 4)]),
  ];
}

/** Code is not wrapped: readers copy it. */
function remedyText(name: string, { text, code }: Remedy, paint: ChalkInstance, wrap: Wrap): string[] {
  return [paint.bold(name), wrap(text), '', code.replace(/^(?=.)/gm, '    ')];
}

const indented = (text: string, width: number, indent: number): string =>
  wrapAnsi(text, width - indent).replace(/^(?=.)/gm, ' '.repeat(indent));
