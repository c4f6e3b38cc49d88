import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { placeText } from '../text/places.ts';
import { printable } from '../text/printable.ts';
import { jsonText } from './json.ts';
import type { Report, ReportCriterion, ReportRow } from './schema.ts';

/**
 * SARIF 2.1.0 (OASIS): a rule per row, a result per failed criterion, the headline first. GitHub refuses a document where
 * a result has no relative path. A finding over the wire gets a path made of host and path; its URL is a logical location.
 */
export function sarifReport(report: Report): string {
  const { tool, rows, notices, startedAt, durationMs } = report;
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: rows.map(rule) } },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: startedAt,
            endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
            toolExecutionNotifications: notices.map((text) => ({
              level: 'note',
              message: { text: printable(text) },
            })),
          },
        ],
        originalUriBaseIds: {
          '%SRCROOT%': { description: { text: 'The directory where the audit was started.' } },
        },
        results: rows.flatMap((row, ruleIndex) => results(row, ruleIndex, report)),
        columnKind: 'utf16CodeUnits',
        properties: {
          profile: report.profile,
          score: report.score,
          ready: report.ready,
          coverage: report.coverage,
          points: report.points,
          earnable: report.earnable,
          attestations: report.attestations.map((one) => ({ ...one, statement: printable(one.statement) })),
        },
      },
    ],
  };
  return jsonText(log);
}

function rule({
  id,
  title,
  why,
  fix,
  basis,
  level,
  category,
  verdict,
  seen,
  points,
}: ReportRow): ReportingDescriptor {
  const page = basis.flatMap((source) => /(?<!\S)https:\S+$/.exec(source) ?? [])[0];
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    ...(page !== undefined && { helpUri: page }),
    help: {
      text: [why, fix, ...basis].join('\n'),
      markdown: [why, `**Fix**: ${fix}`, basis.map((source) => `- ${source}`).join('\n')].join('\n\n'),
    },
    defaultConfiguration: { level: level === 'required' ? 'error' : 'warning' },
    properties: { category, tags: [category.toLowerCase(), level], verdict, seen, points },
  };
}

function results(row: ReportRow, ruleIndex: number, report: Report): Result[] {
  return row.criteria
    .filter(({ verdict }) => verdict === 'fail')
    .map((criterion) => ({
      ruleId: row.id,
      ruleIndex,
      level: criterion.kind === 'extra' ? 'note' : row.level === 'required' ? 'error' : 'warning',
      message: { text: printable(criterion.finding, 1_000) },
      locations: [locationOf(criterion, report)],
      relatedLocations: (criterion.places ?? []).slice(1).map((place) => placeLocation(place, report)),
      // Lines move and durations change; the failed criterion stays the same.
      partialFingerprints: { 'criterion/v1': `${row.id}/${criterion.id}` },
      properties: { criterion: criterion.id, statement: criterion.title, proof: criterion.proof },
    }));
}

/** The first line that the finding cites; else the server, or the directory. */
function locationOf(criterion: ReportCriterion, report: Report): Location {
  const [place] = criterion.places ?? [];
  if (place) return placeLocation(place, report);
  const { url } = report.target;
  const exchange = report.exchanges.find(({ id }) => criterion.exchanges?.includes(id));
  const address = exchange?.request.url ?? url;
  if (criterion.proof !== 'declared' && address !== undefined) return serverLocation(address);
  return {
    physicalLocation: { artifactLocation: { uri: projectPath(report) || '.', uriBaseId: '%SRCROOT%' } },
  };
}

function placeLocation(place: { file: string; line: number }, report: Report): Location {
  const uri = [projectPath(report), pathUri(place.file)].filter((part) => part !== '').join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
      region: { startLine: place.line },
    },
    message: { text: printable(placeText(place)) },
  };
}

/** "http://127.0.0.1:3000/mcp" becomes "127.0.0.1_3000/mcp". */
function serverLocation(text: string): Location {
  const { host, pathname } = URL.canParse(text) ? new URL(text) : { host: 'server', pathname: '' };
  return {
    physicalLocation: {
      artifactLocation: { uri: pathUri(`${host.replace(':', '_')}${pathname}`.replace(/\/$/, '')) },
    },
    logicalLocations: [{ fullyQualifiedName: printable(text), kind: 'resource' }],
  };
}

/** The project, relative to the directory of the audit; empty when it is that directory, or outside it. */
function projectPath({ target }: Report): string {
  const path = (target.project ?? '')
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/(?<!\/)\/+$/, '');
  return path === '.' || path.startsWith('/') || path.split('/').includes('..') || /^[a-z]:/i.test(path)
    ? ''
    : pathUri(path);
}

/** A relative URI reference (RFC 3986 section 4.2) of a path. */
const pathUri = (path: string): string =>
  path
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')))
    .join('/');
