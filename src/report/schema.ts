import * as z from 'zod';
import { profileNames } from '../checklist/checklist.ts';
import { categories } from '../checklist/row.ts';
import { proofs } from '../evidence/proof.ts';
import { earningSteps } from '../score/earnable.ts';

const proof = z.enum(proofs).nullable();

const level = z.enum(['required', 'recommended']);

const criterion = z.strictObject({
  id: z.string(),
  title: z.string().describe('The statement that is judged.'),
  kind: z
    .enum(['core', 'extra'])
    .describe('A failed core criterion fails the row; a failed extra costs points.'),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'not-applicable']),
  proof: proof.describe('The evidence that decided.'),
  finding: z.string().describe('What was done and what came back. Empty without a verdict.'),
  reason: z.string().optional().describe('Why there is no verdict, and what would help.'),
  places: z
    .array(z.strictObject({ file: z.string(), line: z.int().positive() }))
    .optional()
    .describe('Lines of the project that the finding rests on; files are relative to the project.'),
  exchanges: z
    .array(z.string())
    .optional()
    .describe('Ids of the requests that the finding rests on, as in "exchanges" of the report.'),
  moments: z
    .array(z.strictObject({ experiment: z.string(), atMs: z.number().nonnegative(), text: z.string() }))
    .optional()
    .describe('Events in the lab that the finding rests on, by experiment; milliseconds since the launch.'),
});

const points = z
  .strictObject({ earned: z.number(), lost: z.number(), unassessed: z.number(), possible: z.number() })
  .describe('"possible" is the sum of the other three. What was not assessed earns nothing.');

const headers = z.record(z.string(), z.string());

const exchange = z.strictObject({
  id: z.string(),
  purpose: z.string().describe('What the request was sent for.'),
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    headers: headers.describe('Credentials are masked.'),
    body: z.string().optional().describe('The beginning of the body.'),
    credential: z.enum(['none', 'wrong', 'given', 'other']).describe('Which credential the request carried.'),
  }),
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answer'),
      status: z.int(),
      headers,
      body: z.string().describe('The beginning of the body.'),
      bodyBytes: z.int().nonnegative().describe('Bytes of the body that the audit read.'),
      bodyEnd: z
        .enum(['complete', 'cut', 'open', 'broken'])
        .describe(
          'How the body ended: complete, at the limit of the audit (cut), as a stream that stayed open, or broken off.',
        ),
    }),
    z.strictObject({ kind: z.literal('failure'), reason: z.string(), message: z.string() }),
  ]),
  durationMs: z.number().nonnegative(),
});

const row = z.strictObject({
  id: z.string().describe('A permanent public name.'),
  title: z.string(),
  why: z.string().describe('What goes wrong without it.'),
  category: z.enum(categories),
  level,
  verdict: z.enum(['pass', 'partial', 'fail', 'unknown', 'not-applicable']),
  proof: proof.describe('The strongest evidence among the criteria that made the verdict.'),
  points,
  seen: z
    .strictObject({ core: z.int().nonnegative(), of: z.int().nonnegative() })
    .describe('How many of the applicable core criteria were assessed.'),
  headline: z
    .string()
    .describe('Id of the criterion that says most about the verdict. Every format shows it first.'),
  criteria: z.array(criterion).describe('The headline first, the others in the order of the row.'),
  contradictions: z.array(z.string()),
  fix: z.string().describe('What to do next about this row.'),
  basis: z.array(z.string()).describe('The sources that the row rests on.'),
});

/** The report that every format prints, and that `--format json` publishes. */
export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: z.strictObject({ name: z.string(), version: z.string() }),
    target: z.strictObject({
      url: z.string().optional(),
      project: z.string().optional(),
      lab: z.string().optional().describe('The command that the lab ran.'),
    }),
    startedAt: z.iso.datetime(),
    durationMs: z.int().nonnegative(),
    server: z
      .strictObject({
        name: z.string(),
        version: z.string(),
        era: z.enum(['legacy', 'modern', 'dual']),
        revisions: z.array(z.string()),
        transports: z.array(z.enum(['streamable-http', 'sse', 'stdio'])),
      })
      .nullable(),
    profile: z.enum(profileNames),
    leftOut: z
      .array(z.strictObject({ id: z.string(), level }))
      .optional()
      .describe('Rows of the profile that were left out on request. Score and coverage count the others.'),
    score: z
      .int()
      .min(0)
      .max(100)
      .nullable()
      .describe(
        'Percent of the possible points that were earned, rounded down; null if no row has a verdict.',
      ),
    ready: z
      .boolean()
      .describe(
        'Every required row of the profile passes, or is partial by its extras alone; none is left out.',
      ),
    coverage: z
      .int()
      .min(0)
      .max(100)
      .describe('Percent of the possible points that were earned or lost, rounded down.'),
    points: points.describe('Over all applicable rows.'),
    earnable: z
      .array(z.strictObject({ step: z.enum(earningSteps), advice: z.string(), points: z.number() }))
      .describe(
        'What would earn unassessed points, and at most how many. The points of several steps overlap.',
      ),
    gate: z.strictObject({ passed: z.boolean(), reasons: z.array(z.string()) }).nullable(),
    rows: z.array(row),
    exchanges: z
      .array(exchange)
      .describe('The requests that findings rest on, with their responses, in the order of sending.'),
    notices: z.array(z.string()),
  })
  .meta({ title: 'mcp-prod audit report' });

export type Report = z.infer<typeof reportSchema>;
export type ReportRow = Report['rows'][number];
export type ReportCriterion = ReportRow['criteria'][number];
export type ReportExchange = Report['exchanges'][number];
