import { decimal } from '../../text/counts.ts';
import { seconds } from '../../text/durations.ts';
import { capitalised } from '../../text/printable.ts';
import { serverText, targetText } from '../labels.ts';
import { type Markup, markup, markupText } from '../markup.ts';
import type { Report } from '../schema.ts';
import {
  byCategory,
  earnableTexts,
  pointsText,
  scoreText,
  standing,
  standingTitles,
  steps,
  tally,
  unreadyReason,
} from '../summary.ts';
import { gauge, pointsBar, rowBar } from './drawings.ts';
import { rowCard } from './row.ts';
import { styleSheet } from './style.ts';

/** The page shows text of servers: it may load, run, frame and send nothing. Its own style sheet is the exception. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The report as one page without scripts or resources. Evidence opens with `<details>`. */
export function htmlReport(report: Report): string {
  const { tool, startedAt, durationMs, profile } = report;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${standingTitles[standing(report)]}: ${targetText(report)}</title>
<style>${styleSheet}</style>
</head>
<body>
${heading(report)}
<main>
${categoryCards(report)}
${earnMore(report)}
${fixFirst(report)}
${byCategory(report).map(
  ({ category, rows }) => markup`<section>
<h2>${category}</h2>
${rows.map((row) => rowCard(row, report))}
</section>
`,
)}
${notices(report)}
</main>
<footer>
<p>${tool.name} ${tool.version}, profile ${profile}, <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>, took ${seconds(durationMs)}</p>
</footer>
</body>
</html>
`;
  return markupText(page);
}

function heading(report: Report): Markup {
  const state = standing(report);
  const unready = unreadyReason(report);
  const server = serverText(report);
  const { gate } = report;
  return markup`<header>
${gauge(report)}
<div>
<h1 class="${state}">${standingTitles[state]}</h1>
<p>${capitalised(scoreText(report))}: ${tally(report.rows)}.</p>
${pointsBar(report)}
<p class="small">Points: ${pointsText(report)}.</p>
${unready === null ? null : markup`<p>${capitalised(unready)}.</p>\n`}<p><code>${targetText(report)}</code></p>
${server === null ? null : markup`<p class="muted small">${server}</p>\n`}${
  gate &&
  markup`<p>Gate: <strong class="${gate.passed ? 'pass' : 'fail'}">${gate.passed ? 'met' : 'not met'}</strong></p>
${gate.reasons.length > 0 ? markup`<ul>${gate.reasons.map((reason) => markup`<li>${reason}</li>`)}</ul>` : null}`
}
</div>
</header>`;
}

function categoryCards(report: Report): Markup {
  return markup`<ul class="categories" aria-label="Categories">
${byCategory(report).map(
  ({ category, rows }) => markup`<li class="card category"><span class="name">${category}</span>
${rowBar(rows)}
<span class="muted small">${tally(rows)}</span></li>
`,
)}</ul>`;
}

function earnMore(report: Report): Markup | null {
  const texts = earnableTexts(report);
  if (texts.length === 0) return null;
  return markup`<section>
<h2>To earn more points</h2>
<ul>
${texts.map((text) => markup`<li>${capitalised(text)}</li>\n`)}</ul>
</section>`;
}

function fixFirst(report: Report): Markup | null {
  const all = steps(report);
  if (all.length === 0) return null;
  return markup`<section>
<h2>Fix first</h2>
<ol class="steps">
${all.map(
  ({ row, gain }) =>
    markup`<li><a class="name" href="#${row.id}">${row.title}</a> <span class="muted">(+${decimal(gain)} points)</span><br>${row.fix}</li>
`,
)}</ol>
</section>`;
}

function notices({ notices: texts }: Report): Markup | null {
  if (texts.length === 0) return null;
  return markup`<section>
<h2>Notices</h2>
<ul>
${texts.map((text) => markup`<li>${text}</li>\n`)}</ul>
</section>`;
}
