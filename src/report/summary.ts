import { type Category, categories } from '../checklist/row.ts';
import { count } from '../text/counts.ts';
import type { Report, ReportCriterion, ReportExchange, ReportRow } from './schema.ts';

/** The one sentence that says most about a row: the failure, else what is missing, else what was seen. */
export function headline(row: ReportRow): string {
  const criterion = telling(row);
  return criterion ? criterion.finding || criterion.reason || criterion.title : row.title;
}

function telling({ verdict, criteria, proof }: ReportRow): ReportCriterion | undefined {
  const core = criteria.filter(({ kind }) => kind === 'core');
  const first = (list: ReportCriterion[], wanted: ReportCriterion['verdict']) =>
    list.find((criterion) => criterion.verdict === wanted);
  switch (verdict) {
    case 'fail':
      return first(core, 'fail');
    case 'partial':
      return first(criteria, 'fail');
    case 'pass':
      return (
        first(
          core.filter((criterion) => criterion.proof === proof),
          'pass',
        ) ?? first(core, 'pass')
      );
    default:
      return first(core, 'inconclusive') ?? first(core, 'not-applicable');
  }
}

/** A step that earns points, and how many. */
export interface Step {
  row: ReportRow;
  gain: number;
}

/** What to fix first: the failed and partial rows by the points that they would earn, required ones first among equals. */
export function steps(report: Report): Step[] {
  return report.rows
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'partial')
    .map((row) => ({ row, gain: row.points.possible - row.points.earned }))
    .sort(
      (a, b) => b.gain - a.gain || Number(b.row.level === 'required') - Number(a.row.level === 'required'),
    );
}

/**
 * Whether the server may go to production. `undecided`: no required row failed, but not all were assessed; that is no
 * reason to call a server unready. `unassessed`: no row says anything.
 */
export type Standing = 'ready' | 'not-ready' | 'undecided' | 'unassessed';

export function standing({ score, ready, rows }: Report): Standing {
  if (score === null) return 'unassessed';
  if (ready) return 'ready';
  return rows.some(({ level, verdict }) => level === 'required' && verdict === 'fail')
    ? 'not-ready'
    : 'undecided';
}

export const standingWords: Record<Standing, string> = {
  ready: 'Ready for production',
  'not-ready': 'Not ready for production',
  undecided: 'Readiness for production unknown',
  unassessed: 'Could not be assessed',
};

/** The score in words, with what it rests on: "51 of 100, on 5 of 10 rows". */
export function scoreText({ score, coverage }: Report): string {
  const rows = `${coverage.assessed} of ${count(coverage.total, 'row')}`;
  return score === null ? `no score, ${rows} assessed` : `${score} of 100, on ${rows}`;
}

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

/** The contradictions of a row that no criterion says already. */
export const unsaidContradictions = ({ criteria, contradictions }: ReportRow): string[] =>
  contradictions.filter((text) => !criteria.some(({ finding }) => finding === text));

/** The requests that a criterion rests on. */
export const exchangesOf = ({ exchanges }: Report, criterion: ReportCriterion): ReportExchange[] =>
  exchanges.filter(({ id }) => criterion.exchanges?.includes(id));

/** Why a server is not ready, in one sentence; null when it is. */
export function unreadiness({ ready, rows, leftOut = [] }: Report): string | null {
  if (ready) return null;
  const required = rows.filter(({ level }) => level === 'required');
  const omitted = leftOut.filter(({ level }) => level === 'required').length;
  const failed = required.filter(({ verdict }) => verdict === 'fail').length;
  const unknown = required.filter(({ verdict }) => verdict === 'unknown').length;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} could not be assessed`] : []),
    ...(omitted > 0 ? [`${omitted} left out`] : []),
  ];
  return `of ${required.length + omitted} required rows, ${parts.join(' and ')}`;
}
