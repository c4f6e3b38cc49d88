import { count, decimal } from '../../text/counts.ts';
import { seconds } from '../../text/durations.ts';
import { placeText } from '../../text/places.ts';
import { capitalised } from '../../text/printable.ts';
import { criterionLine, exchangeLine, momentTime, rowLabels, seenText, serverText } from '../labels.ts';
import type { Report, ReportCriterion, ReportRow } from '../schema.ts';
import {
  attestationTexts,
  byCategory,
  earnableTexts,
  exchangesOf,
  headline,
  losses,
  otherContradictions,
  pointsText,
  scoreText,
  standing,
  standingTitles,
  stepLimit,
  steps,
  tally,
  unreadyReason,
} from '../summary.ts';
import { code, inline } from './escape.ts';

/** The report for a pull request's comment or a job's summary: a short table, and the details behind folds. */
export function markdownReport(report: Report): string {
  const sections = [
    heading(report),
    table(report),
    fixFirst(report),
    fold('Criteria and evidence', report.rows.map((row) => rowDetails(row, report)).join('\n\n')),
    attested(report),
    notices(report),
    footer(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading(report: Report): string {
  const { target, gate } = report;
  const targets = [target.url, target.project].flatMap((part) => (part ? [code(part)] : []));
  const server = serverText(report);
  const unready = unreadyReason(report);
  return [
    `## ${standingTitles[standing(report)]}: ${scoreText(report)}`,
    `${targets.join(' with ')}${server ? `: ${inline(server)}` : ''}`,
    `Points: ${pointsText(report)}.`,
    ...(unready ? [`${capitalised(unready)}.`] : []),
    ...(report.earnable.length > 0 ? [earnMore(report)] : []),
    ...(gate
      ? [
          [
            `Gate **${gate.passed ? 'met' : 'not met'}**`,
            ...gate.reasons.map((reason) => listItem(reason)),
          ].join('\n'),
        ]
      : []),
  ].join('\n\n');
}

const earnMore = (report: Report): string =>
  ['To earn more points:', ...earnableTexts(report).map((text) => listItem(text))].join('\n');

const listItem = (text: string, limit?: number): string => `- ${inline(text, limit)}`;

function table(report: Report): string {
  return [
    '| | Verdict | Row | | Finding |',
    '|---|---|---|---|---|',
    ...byCategory(report).flatMap(({ category, rows }) =>
      rows.map((row, index) => tableRow(row, index === 0 ? category : '')),
    ),
  ].join('\n');
}

function tableRow(row: ReportRow, category: string): string {
  const label = row.verdict === 'fail' ? `**${rowLabels.fail}**` : rowLabels[row.verdict];
  const verdict = [label, seenText(row.seen)].join(' ').trimEnd();
  const lost = losses(row).map((text) => ` **Lost points**: ${inline(text, 240)}`);
  const clash =
    row.contradictions.length > 0 ? ` (${count(row.contradictions.length, 'contradiction')})` : '';
  return `| ${category} | ${verdict} | ${row.id} | ${row.level} | ${inline(headline(row), 240)}${lost.join('')}${clash} |`;
}

function fixFirst(report: Report): string {
  const all = steps(report);
  if (all.length === 0) return '';
  const more = all.length - stepLimit;
  return [
    '### Fix first',
    [
      ...all
        .slice(0, stepLimit)
        .map(
          ({ row, gain }, index) =>
            `${index + 1}. **${row.id}** (+${decimal(gain)} points): ${inline(row.fix)}`,
        ),
      ...(more > 0 ? [`${stepLimit + 1}. and ${count(more, 'more row')}`] : []),
    ].join('\n'),
  ].join('\n\n');
}

function rowDetails(row: ReportRow, report: Report): string {
  const parts = [
    `**${rowLabels[row.verdict]} ${row.id}**: ${inline(row.title)}`,
    row.criteria.map((criterion) => criterionItem(criterion, row, report)).join('\n'),
    otherContradictions(row)
      .map((text) => `- **Contradiction**: ${inline(text)}`)
      .join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function criterionItem(criterion: ReportCriterion, row: ReportRow, report: Report): string {
  const { places = [], moments = [] } = criterion;
  const evidence = [
    ...places.map((place) => code(placeText(place))),
    ...exchangesOf(report, criterion).map(
      (exchange) => `${code(exchangeLine(exchange))} (${inline(exchange.purpose, 100)})`,
    ),
    ...moments.map((moment) => `${momentTime(moment)} ${inline(moment.text, 200)}`),
  ];
  return [
    listItem(criterionLine(criterion, row), 600),
    ...(evidence.length > 0 ? [`  Evidence: ${evidence.join(', ')}`] : []),
  ].join('\n');
}

function attested(report: Report): string {
  const texts = attestationTexts(report);
  if (texts.length === 0) return '';
  return ['### Attested in the configuration', texts.map((text) => listItem(text)).join('\n')].join('\n\n');
}

function notices({ notices: texts }: Report): string {
  return texts.length > 0
    ? fold(count(texts.length, 'notice'), texts.map((text) => listItem(text)).join('\n'))
    : '';
}

/** An HTML block ends at an empty line: the text after it is Markdown again. */
const fold = (summary: string, text: string): string =>
  `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;

function footer({ tool, durationMs, profile, rows }: Report): string {
  return `${tool.name} ${tool.version}, profile ${profile}, ${tally(rows)}, ${seconds(durationMs)}`;
}
