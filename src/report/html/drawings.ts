import { type Markup, markup } from '../markup.ts';
import type { Report, ReportRow } from '../schema.ts';
import { standing } from '../summary.ts';

/** The score as an arc with the number inside. */
export function gauge(report: Report): Markup {
  const { score } = report;
  const name = score === null ? 'No score' : `Score: ${score} of 100`;
  // `pathLength` makes lengths percentages; an arc of length 0 would still show its round end.
  const arc =
    score === null || score === 0
      ? null
      : markup`<circle cx="60" cy="60" r="52" fill="none" stroke="currentColor" stroke-width="10" stroke-linecap="round" pathLength="100" stroke-dasharray="${score} 100" transform="rotate(-90 60 60)"/>`;
  return markup`<svg class="gauge ${standing(report)}" viewBox="0 0 120 120" role="img" aria-label="${name}">
<circle class="track" cx="60" cy="60" r="52" fill="none" stroke-width="10"/>${arc}
<text class="number" x="60" y="68">${score ?? '–'}</text>
<text class="unit" x="60" y="86">${score === null ? 'no score' : 'of 100'}</text>
</svg>`;
}

/** Earned, lost and unassessed points side by side. The words beside it say the same. */
export function pointsBar({ points: { earned, lost, possible } }: Report): Markup {
  return markup`<svg class="points" viewBox="0 0 ${possible} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="unknown" x="0" y="0" width="${possible}" height="1" fill="currentColor"/><rect class="fail" x="${earned}" y="0" width="${lost}" height="1" fill="currentColor"/><rect class="pass" x="0" y="0" width="${earned}" height="1" fill="currentColor"/></svg>`;
}

/** The rows of a category as a bar: each as wide as its points, in the colour of its verdict. */
export function rowBar(rows: readonly ReportRow[]): Markup {
  const total = rows.reduce((sum, { points }) => sum + points.possible, 0);
  let x = 0;
  const segments = rows.map(({ points, verdict }) => {
    const segment = markup`<rect class="${verdict}" x="${x}" y="0" width="${points.possible - 0.2}" height="1" fill="currentColor"/>`;
    x += points.possible;
    return segment;
  });
  return markup`<svg viewBox="0 0 ${total} 1" preserveAspectRatio="none" aria-hidden="true">${segments}</svg>`;
}
