import { type Category, categories } from '../checklist/row.ts';
import { decimal, joined } from '../text/counts.ts';
import { statement } from './labels.ts';
import type { Attestation, Report, ReportCriterion, ReportExchange, ReportRow } from './schema.ts';

/** The finding of a row's headline, or why there is none. */
export function headline({ headline: id, title, criteria }: ReportRow): string {
  const criterion = criteria.find((one) => one.id === id);
  return criterion ? statement(criterion) : title;
}

/** What cost a partial row its points. Formats show it beside the headline. */
export const losses = ({ verdict, criteria }: ReportRow): string[] =>
  criteria.flatMap((criterion) =>
    verdict === 'partial' && criterion.verdict === 'fail' ? criterion.finding : [],
  );

/** The core criteria of a partial row that were not assessed, with the reasons. Formats show them beside the headline. */
export const unseen = ({ verdict, criteria }: ReportRow): string[] =>
  criteria.flatMap(({ kind, title, ...criterion }) =>
    verdict === 'partial' && kind === 'core' && criterion.verdict === 'inconclusive'
      ? `${title}. ${criterion.reason}`
      : [],
  );

/** A row to fix, and the points that this earns. */
export interface Step {
  row: ReportRow;
  gain: number;
}

/** How many steps the terminal and Markdown list under "Fix first". */
export const stepLimit = 5;

/** What to fix first: rows that lost points, the most lost first; required rows come first among equals. */
export function steps(report: Report): Step[] {
  return report.rows
    .filter(({ points }) => points.lost > 0)
    .map((row) => ({ row, gain: row.points.lost }))
    .sort(
      (a, b) => b.gain - a.gain || Number(b.row.level === 'required') - Number(a.row.level === 'required'),
    );
}

/**
 * Whether the server may go to production. `undecided`: no required row failed, but some were not assessed, or in part.
 * `unassessed`: no row has a verdict.
 */
export type Standing = 'ready' | 'not-ready' | 'undecided' | 'unassessed';

export function standing({ score, ready, rows }: Report): Standing {
  if (score === null) return 'unassessed';
  if (ready) return 'ready';
  return rows.some(({ level, verdict }) => level === 'required' && verdict === 'fail')
    ? 'not-ready'
    : 'undecided';
}

export const standingTitles: Record<Standing, string> = {
  ready: 'Ready for production',
  'not-ready': 'Not ready for production',
  undecided: 'Readiness for production unknown',
  unassessed: 'Could not be assessed',
};

/** The score and what stands behind it: "51 of 100, with 63 % of the points assessed". */
export function scoreText({ score, coverage }: Report): string {
  if (score === null) return 'no score';
  return `${score} of 100${coverage === 100 ? '' : `, with ${coverage} % of the points assessed`}`;
}

/** "101 earned, 23.5 lost, 70.5 not assessed (of 195)" */
export const pointsText = ({ points: { earned, lost, unassessed, possible } }: Report): string =>
  `${decimal(earned)} earned, ${decimal(lost)} lost, ${decimal(unassessed)} not assessed (of ${possible})`;

/** What would earn the rest: "add --lab: up to 61 points". */
export const earnableTexts = ({ earnable }: Report): string[] =>
  earnable.map(({ advice, points }) => `${advice}: up to ${decimal(points)} points`);

/** What the configuration attests: "log-aggregation/collector-declared (decided): Datadog". */
export const attestationTexts = ({ attestations }: Report): string[] =>
  attestations.map((one) => `${one.row}/${one.criterion} (${roleOf(one)}): ${one.statement}`);

function roleOf({ verdict, proof }: Attestation): string {
  if (proof === 'attested') return 'decided';
  if (verdict === 'pass') return `not needed, ${proof}`;
  return verdict === 'fail' ? `contradicted, ${proof}` : 'does not apply';
}

/** How many criteria were decided by what the configuration attests. */
export const attestedCount = ({ attestations }: Report): number =>
  attestations.filter(({ proof }) => proof === 'attested').length;

const verdictNouns: [ReportRow['verdict'], string][] = [
  ['pass', 'passed'],
  ['partial', 'partial'],
  ['fail', 'failed'],
  ['unknown', 'unknown'],
  ['not-applicable', 'not applicable'],
];

/** "2 passed, 1 partial, 2 failed" */
export const tally = (rows: readonly ReportRow[]): string =>
  verdictNouns
    .map(([verdict, noun]) => ({ noun, number: rows.filter((row) => row.verdict === verdict).length }))
    .filter(({ number }) => number > 0)
    .map(({ noun, number }) => `${number} ${noun}`)
    .join(', ');

/** The rows of each category that has any, in the order of the checklist. */
export const byCategory = ({ rows }: Report): { category: Category; rows: ReportRow[] }[] =>
  categories
    .map((category) => ({ category, rows: rows.filter((row) => row.category === category) }))
    .filter(({ rows }) => rows.length > 0);

/** The contradictions of a row that are not a finding of one of its criteria. */
export const otherContradictions = ({ criteria, contradictions }: ReportRow): string[] =>
  contradictions.filter((text) => !criteria.some(({ finding }) => finding === text));

/** The requests that a criterion rests on. */
export const exchangesOf = ({ exchanges }: Report, criterion: ReportCriterion): ReportExchange[] =>
  exchanges.filter(({ id }) => criterion.exchanges?.includes(id));

/** Why a server is not ready, in one sentence; null when it is. */
export function unreadyReason({ ready, rows, leftOut = [] }: Report): string | null {
  if (ready) return null;
  const required = rows.filter(({ level }) => level === 'required');
  const omitted = leftOut.filter(({ level }) => level === 'required').length;
  const failed = required.filter(({ verdict }) => verdict === 'fail').length;
  const unknown = required.filter(({ verdict }) => verdict === 'unknown').length;
  const inPart = required.filter(({ verdict, seen }) => verdict === 'partial' && seen.core < seen.of).length;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} could not be assessed`] : []),
    ...(inPart > 0 ? [`${inPart} could be assessed in part`] : []),
    ...(omitted > 0 ? [`${omitted} left out`] : []),
  ];
  return `of ${required.length + omitted} required rows, ${joined(parts)}`;
}
