import type { Report, ReportCriterion, ReportRow } from './schema.ts';

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
