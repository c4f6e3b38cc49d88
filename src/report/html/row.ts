import { placeText } from '../../text/places.ts';
import { type Markup, markup } from '../markup.ts';
import type { Report, ReportCriterion, ReportRow } from '../schema.ts';
import { exchangesOf, headline, unsaidContradictions } from '../summary.ts';
import { criterionFacts, criterionWords, momentTime, rowFacts, rowWords, statement } from '../words.ts';
import { exchangeDetails } from './exchange.ts';

/** One row: its verdict and what says most about it, and behind that every criterion with its evidence. */
export function rowCard(row: ReportRow, report: Report): Markup {
  const { id, title, why, verdict, fix, basis, criteria } = row;
  const toDo = verdict === 'fail' || verdict === 'partial';
  return markup`<details class="card row" id="${id}">
<summary><span class="verdict ${verdict}">${rowWords[verdict]}</span><span><span class="name">${title}</span> <span class="muted small">${id}, ${rowFacts(row)}</span><br>${headline(row)}</span></summary>
<div class="body">
<p class="muted">${why}</p>
${unsaidContradictions(row).map((text) => markup`<p class="clash"><strong>Contradiction:</strong> ${text}</p>\n`)}<ul class="criteria" aria-label="Criteria of ${title}">
${criteria.map((criterion) => criterionItem(criterion, row, report))}</ul>
${toDo ? markup`<h3>Fix</h3>\n<p>${fix}</p>\n` : null}<div class="sources"><h3>Sources</h3>
<ul class="small">${basis.map((source) => markup`<li>${linked(source)}</li>`)}</ul></div>
</div>
</details>
`;
}

function criterionItem(criterion: ReportCriterion, row: ReportRow, report: Report): Markup {
  const { verdict, title, places = [] } = criterion;
  return markup`<li class="${verdict}"><p><strong class="verdict ${verdict}">${criterionWords[verdict]}</strong> ${title} <span class="muted small">(${criterionFacts(criterion, row)})</span></p>
<p>${statement(criterion)}</p>
${places.length > 0 ? markup`<p>${places.map((place) => markup`<code>${placeText(place)}</code> `)}</p>\n` : null}${exchangesOf(
  report,
  criterion,
).map(exchangeDetails)}${timeline(criterion)}</li>
`;
}

/** What happened in the lab, in the order of time. */
function timeline({ moments = [] }: ReportCriterion): Markup | null {
  if (moments.length === 0) return null;
  return markup`<ol class="timeline small">
${moments.map((moment) => markup`<li><code>${momentTime(moment)}</code> ${moment.text}</li>\n`)}</ol>
`;
}

/** A source of a row ends with its address, where it has one. */
function linked(source: string): Markup {
  const { text = '', url } = /^(?<text>.*?)(?<url>(?<!\S)https:\S+)?$/.exec(source)?.groups ?? {};
  return markup`${text}${url === undefined ? null : markup`<a href="${url}">${url}</a>`}`;
}
