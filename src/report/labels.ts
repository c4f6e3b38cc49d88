import { decimal } from '../text/counts.ts';
import { milliseconds, seconds } from '../text/durations.ts';
import { printable } from '../text/printable.ts';
import type { Report, ReportCriterion, ReportExchange, ReportRow } from './schema.ts';

/** Verdicts as words: they read the same without colour and aloud. */
export const rowLabels: Record<ReportRow['verdict'], string> = {
  pass: 'PASS',
  partial: 'PARTIAL',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  'not-applicable': 'N/A',
};

export const criterionLabels: Record<ReportCriterion['verdict'], string> = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
  'not-applicable': 'Not applicable',
};

const transportNames = { 'streamable-http': 'Streamable HTTP', sse: 'HTTP+SSE', stdio: 'stdio' } as const;

/** What was audited: "http://127.0.0.1:3000/mcp with weather with the lab (npm start)" */
export const targetText = ({ target }: Report): string =>
  [target.url, target.project, target.lab && `the lab (${target.lab})`]
    .flatMap((part) => (part ? [printable(part, 200)] : []))
    .join(' with ');

/** "weather 1.0.0, Streamable HTTP, MCP 2026-07-28"; null when no client connected. */
export function serverText({ server }: Report): string | null {
  if (!server) return null;
  const revisions = server.revisions.map((revision) => printable(revision, 20)).join(', ');
  const transports = server.transports.map((name) => transportNames[name]).join(' and ');
  return `${printable(server.name, 60)} ${printable(server.version, 30)}, ${transports}, MCP ${revisions}`;
}

/**
 * "required, declared"; what was seen of it where that is not all, "3 of 4 seen"; of a partial row its points, "3 of 5
 * points"; and whether there is a contradiction.
 */
export function rowFacts({ level, proof, verdict, seen, points, contradictions }: ReportRow): string {
  const part = seenText(seen);
  const share =
    verdict === 'partial' ? [`${decimal(points.earned)} of ${decimal(points.possible)} points`] : [];
  const clash = contradictions.length > 0 ? ['contradiction'] : [];
  return [level, ...(proof ? [proof] : []), ...(part ? [part] : []), ...share, ...clash].join(', ');
}

/** How much of a row was seen, where that is not all: "3 of 4 seen". */
export const seenText = ({ core, of }: ReportRow['seen']): string =>
  core < of ? `${core} of ${of} seen` : '';

/** "core, observed", and whether the finding is a contradiction. */
export function criterionFacts(
  { kind, proof, finding }: ReportCriterion,
  { contradictions }: ReportRow,
): string {
  const clash = contradictions.includes(finding) ? ['contradiction'] : [];
  return [kind, ...(proof ? [proof] : []), ...clash].join(', ');
}

/** The finding of a criterion, or why there is none. */
export const statement = ({ finding, reason }: ReportCriterion): string => finding || reason || '';

/** "Pass (core, observed): The statement. The finding." */
export const criterionLine = (criterion: ReportCriterion, row: ReportRow): string =>
  `${criterionLabels[criterion.verdict]} (${criterionFacts(criterion, row)}): ${criterion.title}. ${statement(criterion)}`;

/** "3.20 s", since the launch. */
export const momentTime = ({ atMs }: { atMs: number }): string => seconds(atMs, 2);

/** "POST /mcp → 401 in 4 ms" */
export function exchangeLine({ request, outcome, durationMs }: ReportExchange): string {
  const result = outcome.kind === 'answer' ? outcome.status : `no response (${outcome.reason})`;
  return `${request.method} ${pathOf(request.url)} → ${result} in ${milliseconds(durationMs)}`;
}

/** Saved evidence may have been edited: text that is not a URL is shown as it is. */
const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);
