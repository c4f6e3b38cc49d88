import { placeText } from '../text/places.ts';
import { oneLine } from '../text/printable.ts';
import { criterionLine, exchangeLine, rowFacts, targetText } from './labels.ts';
import { type Markup, markup, markupText } from './markup.ts';
import type { Report, ReportCriterion, ReportRow } from './schema.ts';
import {
  attestationTexts,
  byCategory,
  earnableTexts,
  exchangesOf,
  headline,
  otherContradictions,
  pointsText,
  standing,
} from './summary.ts';

/**
 * JUnit XML as CI systems read it: a suite per category and a test case per row, as gates and scores count rows.
 * A partial row passes, and its output names what cost points and what was not seen. An unknown row is skipped.
 */
export function junitReport(report: Report): string {
  const { tool, rows, durationMs } = report;
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${tool.name} audit of ${targetText(report)}"${counts(rows)} time="${(durationMs / 1000).toFixed(3)}">${byCategory(
    report,
  ).map(({ category, rows }) => suite(category, rows, report))}
</testsuites>
`;
  return markupText(document);
}

function suite(category: string, rows: ReportRow[], report: Report): Markup {
  return markup`
  <testsuite name="${category}"${counts(rows)} timestamp="${report.startedAt.replace(/\.\d+Z$/, 'Z')}">
    <properties>${properties(report).map(
      ([name, value]) => markup`
      <property name="${name}" value="${value}"/>`,
    )}
    </properties>${rows.map((row) => testcase(row, report))}
  </testsuite>`;
}

const counts = (rows: ReportRow[]): Markup =>
  markup` tests="${rows.length}" failures="${rows.filter(isFailed).length}" errors="0" skipped="${rows.filter(isSkipped).length}"`;

const isFailed = ({ verdict }: ReportRow): boolean => verdict === 'fail';
const isSkipped = ({ verdict }: ReportRow): boolean => verdict === 'unknown' || verdict === 'not-applicable';

function properties(report: Report): [string, string][] {
  const { tool, profile, score, coverage, gate } = report;
  return [
    ['tool', `${tool.name} ${tool.version}`],
    ['profile', profile],
    ['score', score === null ? 'none' : String(score)],
    ['coverage', `${coverage} %`],
    ['points', pointsText(report)],
    ...earnableTexts(report).map((text): [string, string] => ['to earn more points', text]),
    ...attestationTexts(report).map((text): [string, string] => ['attested', oneLine(text)]),
    ['standing', standing(report)],
    ['gate', gate ? (gate.passed ? 'met' : 'not met') : 'none'],
  ];
}

function testcase(row: ReportRow, report: Report): Markup {
  const details = [
    `${row.title} (${rowFacts(row)})`,
    ...row.criteria.flatMap((criterion) => criterionLines(criterion, row, report)),
    ...otherContradictions(row).map((text) => `Contradiction: ${text}`),
    ...(row.verdict === 'fail' || row.verdict === 'partial' ? [`Fix: ${row.fix}`] : []),
  ]
    .map(oneLine)
    .join('\n');
  const outcome = isFailed(row)
    ? markup`
      <failure type="${row.level}" message="${oneLine(headline(row))}">${details}</failure>`
    : isSkipped(row)
      ? markup`
      <skipped message="${oneLine(`${headline(row)} (${rowFacts(row)})`)}"/>`
      : markup`
      <system-out>${details}</system-out>`;
  return markup`
    <testcase classname="${report.tool.name}.${row.category}" name="${row.id}">${outcome}
    </testcase>`;
}

function criterionLines(criterion: ReportCriterion, row: ReportRow, report: Report): string[] {
  return [
    criterionLine(criterion, row),
    ...(criterion.places ?? []).map((place) => `  at ${placeText(place)}`),
    ...exchangesOf(report, criterion).map((exchange) => `  request ${exchangeLine(exchange)}`),
  ];
}
