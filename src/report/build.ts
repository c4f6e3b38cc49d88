import { summary } from '../checklist/reading/wire/exchanges.ts';
import { healthOf, statusOf } from '../checklist/reading/wire/health-responses.ts';
import type { Moment } from '../checklist/row.ts';
import type { Place } from '../evidence/declared.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LabEvidence } from '../evidence/lab/lab.ts';
import type { ClientConnected, WireEvidence } from '../evidence/wire.ts';
import type { CriterionResult } from '../score/criterion.ts';
import type { EarningStep } from '../score/earnable.ts';
import { headlineFirst, type RowResult } from '../score/evaluate.ts';
import type { GateResult } from '../score/gate.ts';
import type { Assessment } from '../score/score.ts';
import { count } from '../text/counts.ts';
import { seconds } from '../text/durations.ts';
import { citedExchanges } from './exchanges.ts';
import type { Attestation, Report, ReportCriterion, ReportRow } from './schema.ts';

/** The facts of a run that only the shell knows. */
export interface Run {
  tool: { name: string; version: string };
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
}

/** Builds the document that every format prints. */
export function buildReport(
  run: Run,
  evidence: Evidence,
  assessment: Assessment,
  gate: GateResult | null,
): Report {
  const { wire, project, lab } = evidence;
  return {
    schemaVersion: 1,
    tool: run.tool,
    target: {
      ...(wire && !lab?.ownWire && { url: wire.url }),
      ...(project && { project: project.directory }),
      ...(lab && { lab: lab.command }),
    },
    startedAt: run.startedAt,
    durationMs: Math.round(run.durationMs),
    server: wire ? serverFacts(wire) : stdioFacts(evidence),
    profile: assessment.profile,
    ...(assessment.leftOut.length > 0 && {
      leftOut: assessment.leftOut.map(({ id, level }) => ({ id, level })),
    }),
    score: assessment.score,
    ready: assessment.ready,
    coverage: assessment.coverage,
    points: assessment.points,
    earnable: assessment.earnable.map((earnable) => ({
      ...earnable,
      advice: advice(earnable.step, evidence),
    })),
    attestations: attestationsOf(assessment, evidence),
    gate,
    rows: assessment.rows.map(reportRow),
    exchanges: citedExchanges(assessment.rows),
    notices: [
      ...evidence.notices,
      ...(wire ? wireNotices(wire) : []),
      ...(lab && !lab.unserved ? [labTime(lab)] : []),
    ],
  };
}

/** What to add to the command line or the configuration. */
function advice(step: EarningStep, { project }: Evidence): string {
  if (step === 'lab') return project ? 'add --lab' : 'add --project <dir> --lab';
  if (step === 'project') return 'add --project <dir>';
  if (step === 'url') return 'add the URL of the running server';
  if (step === 'declare') return 'declare in the project’s files what the rows name as missing';
  return 'state facts outside the project under "attest" in the configuration';
}

/** What is attested about criteria of the judged rows. */
function attestationsOf({ rows }: Assessment, { attested = {} }: Evidence): Attestation[] {
  return rows.flatMap(({ row, criteria }) =>
    criteria.flatMap(({ id, verdict, proof }) => {
      const statement = attested[`${row.id}/${id}`];
      const counts = row.criteria.some((criterion) => criterion.id === id && criterion.attestable);
      if (statement === undefined || !counts) return [];
      return [{ row: row.id, criterion: id, statement, verdict, proof }];
    }),
  );
}

/** The advice of the failure that a reader sees, where it has its own. */
function adviceFor(result: RowResult): string {
  const { row } = result;
  const failed = headlineFirst(result).find(({ verdict }) => verdict === 'fail');
  return row.criteria.find(({ id }) => id === failed?.id)?.fix ?? row.fix;
}

function reportRow(result: RowResult): ReportRow {
  const { row, verdict, proof, points, seen, headline, contradictions } = result;
  const { id, title, why, category, level, basis } = row;
  return {
    id,
    title,
    why,
    category,
    level,
    verdict,
    proof,
    points,
    seen,
    headline,
    criteria: headlineFirst(result).map(reportCriterion),
    contradictions,
    fix: adviceFor(result),
    basis: [...basis],
  };
}

function reportCriterion({ sources, ...result }: CriterionResult): ReportCriterion {
  const places = new Map<string, Place>();
  const exchanges = new Set<string>();
  const moments: Moment[] = [];
  for (const source of sources) {
    if ('id' in source) exchanges.add(source.id);
    else if ('experiment' in source) moments.push({ ...source });
    else places.set(`${source.file}:${source.line}`, { file: source.file, line: source.line });
  }
  return {
    ...result,
    ...(places.size > 0 && { places: [...places.values()] }),
    ...(exchanges.size > 0 && { exchanges: [...exchanges] }),
    ...(moments.length > 0 && { moments }),
  };
}

/** The server as its clients saw it; null when none connected. */
function serverFacts(wire: WireEvidence): Report['server'] {
  const connected = wire.clients.flatMap(({ era, transport, outcome }) =>
    outcome.connected ? [{ era, transport, outcome }] : [],
  );
  const [first] = connected;
  if (!first) return null;
  const eras = new Set(connected.map(({ era }) => era));
  return {
    ...first.outcome.server,
    era: eras.size > 1 ? 'dual' : first.era,
    revisions: revisions(connected.map(({ outcome }) => outcome)),
    transports: [...new Set(connected.map(({ transport }) => transport))],
  };
}

/** The server as its client saw it over stdio; null when none connected. */
function stdioFacts({ lab }: Evidence): Report['server'] {
  const { server, era, revision } = lab?.baseline.connection ?? {};
  if (lab?.transport !== 'stdio' || !server || era === undefined || revision === undefined) return null;
  return { ...server, era, revisions: [revision], transports: ['stdio'] };
}

/** Newest first: revisions are dates, and sort as text. */
const revisions = (outcomes: ClientConnected[]): string[] =>
  [...new Set(outcomes.flatMap(({ revision, revisions }) => [revision, ...revisions]))].sort().reverse();

/** "The lab took 14.1 s. The longest of 16 experiments was health-stalled (11.2 s)." */
function labTime({ durations, durationMs }: LabEvidence): string {
  const [longest] = Object.entries(durations).sort(([, left], [, right]) => right - left);
  const most = longest
    ? ` The longest of ${count(Object.keys(durations).length, 'experiment')} was ${longest[0]} (${seconds(longest[1])}).`
    : '';
  return `The lab took ${seconds(durationMs)}.${most}`;
}

/** Limits of the audit that a reader should know: another endpoint than the given one, a degraded server, skipped probes. */
function wireNotices(wire: WireEvidence): string[] {
  const health = healthOf(wire);
  const degraded = health && statusOf(health) === 503;
  const { url, endpoints, omitted } = wire;
  const elsewhere = endpoints.length > 0 && !endpoints.some((endpoint) => endpoint.url === url);
  return [
    ...(elsewhere
      ? [
          `${url} is not an MCP endpoint. The audit used ${endpoints.map((endpoint) => endpoint.url).join(', ')}`,
        ]
      : []),
    ...(degraded ? [`${summary(health)}: the server is degraded. Audit it again when it is healthy.`] : []),
    ...omitted.map(({ probe, reason }) => `Skipped: ${probe}. ${reason}`),
  ];
}
