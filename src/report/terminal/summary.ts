import { seconds } from '../../text/durations.ts';
import { printable } from '../../text/printable.ts';
import type { Report } from '../schema.ts';
import { earnableTexts, pointsText, standing, tally, unreadyReason } from '../summary.ts';
import type { Page } from './style.ts';

const labelWidth = 10;
const widestBar = 30;

/** The end of the report, where a person looks first: score, coverage, readiness and gate. */
export function summary(report: Report, page: Page): string {
  const { coverage, gate, durationMs } = report;
  const [most, ...others] = earnableTexts(report);
  const { paint, wrap } = page;
  const line = (label: string, text: string) =>
    wrap(text, ' '.repeat(labelWidth), paint.bold(label.padEnd(labelWidth)));
  const unready = unreadyReason(report);
  const failed = standing(report) === 'not-ready';
  return [
    scoreLine(report, page),
    line('Points', pointsText(report)),
    line('Coverage', `${coverage} % of the points assessed`),
    ...(most ? [line('To earn', most)] : []),
    ...others.map((text) => wrap(text, ' '.repeat(labelWidth))),
    line('Rows', tally(report.rows)),
    line('Ready', unready === null ? paint.green('yes') : `${failed ? 'no' : 'unknown'}: ${unready}`),
    ...(gate ? [line('Gate', gate.passed ? paint.green('met') : paint.red('not met'))] : []),
    ...(gate?.reasons ?? []).map((reason) =>
      wrap(printable(reason), ' '.repeat(labelWidth + 2), `${' '.repeat(labelWidth)}- `),
    ),
    line('Took', seconds(durationMs)),
  ].join('\n');
}

/** The number comes before the bar: a screen reader says it first. */
function scoreLine({ score }: Report, { paint, width }: Page): string {
  const value = score === null ? 'none' : `${score} of 100`;
  const label = `${paint.bold('Score'.padEnd(labelWidth))}${value}`;
  if (score === null) return label;
  const barWidth = Math.min(widestBar, width - labelWidth - value.length - '  []'.length);
  const filled = Math.round((score / 100) * barWidth);
  const colour = score >= 90 ? paint.green : score >= 70 ? paint.yellow : paint.red;
  return `${label}  ${colour(`[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]`)}`;
}
