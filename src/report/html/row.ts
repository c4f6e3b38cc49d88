import { placeText } from '../../text/places.ts';
import { criterionFacts, criterionLabels, momentTime, rowFacts, rowLabels, statement } from '../labels.ts';
import { type Markup, markup } from '../markup.ts';
import type { Report, ReportCriterion, ReportRow } from '../schema.ts';
import { exchangesOf, headline, losses, otherContradictions, unseen } from '../summary.ts';
import { exchangeDetails } from './exchange.ts';

/** One row: verdict and headline, which open to every criterion with its evidence. */
export function rowCard(row: ReportRow, report: Report): Markup {
  const { id, title, why, verdict, fix, basis, criteria } = row;
  const toDo = verdict === 'fail' || verdict === 'partial';
  return markup`<details class="card row" id="${id}">
<summary><span class="verdict ${verdict}">${rowLabels[verdict]}</span><span><span class="name">${title}</span> <span class="muted small">${id}, ${rowFacts(row)}</span><br>${headline(row)}${losses(row).map((text) => markup`<br><strong>Lost points:</strong> ${text}`)}${unseen(row).map((text) => markup`<br><span class="muted"><strong>Not seen:</strong> ${text}</span>`)}</span></summary>
<div class="body">
<p class="muted">${why}</p>
${otherContradictions(row).map((text) => markup`<p class="clash"><strong>Contradiction:</strong> ${text}</p>\n`)}<ul class="criteria" aria-label="Criteria of ${title}">
${criteria.map((criterion) => criterionItem(criterion, row, report))}</ul>
${toDo ? markup`<h3>Fix</h3>\n<p>${fix}</p>\n` : null}<div class="sources"><h3>Sources</h3>
<ul class="small">${basis.map((source) => markup`<li>${linked(source)}</li>`)}</ul></div>
</div>
</details>
`;
}

function criterionItem(criterion: ReportCriterion, row: ReportRow, report: Report): Markup {
  const { verdict, title, places = [] } = criterion;
  return markup`<li class="${verdict}"><p><strong class="verdict ${verdict}">${criterionLabels[verdict]}</strong> ${title} <span class="muted small">(${criterionFacts(criterion, row)})</span></p>
<p>${statement(criterion)}</p>
${places.length > 0 ? markup`<p>${places.map((place) => markup`<code>${placeText(place)}</code> `)}</p>\n` : null}${exchangesOf(
  report,
  criterion,
).map(exchangeDetails)}${timeline(criterion)}</li>
`;
}

/** The events in the lab, in the order of time. */
function timeline({ moments = [] }: ReportCriterion): Markup | null {
  if (moments.length === 0) return null;
  return markup`<ol class="timeline small">
${moments.map((moment) => markup`<li><code>${momentTime(moment)}</code> ${moment.text}</li>\n`)}</ol>
`;
}

/** The address at the end of a source, where there is one, as a link. */
function linked(source: string): Markup {
  const { text = '', url } = /^(?<text>.*?)(?<url>(?<!\S)https:\S+)?$/.exec(source)?.groups ?? {};
  return markup`${text}${url === undefined ? null : markup`<a href="${url}">${url}</a>`}`;
}
