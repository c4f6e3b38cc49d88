import type { SavedEvidence } from '../../evidence/saved.ts';
import { buildReport } from '../../report/build.ts';
import type { Report } from '../../report/schema.ts';
import { type Baseline, baselineOf, type Comparison, compare } from '../../score/baseline.ts';
import { type GateResult, judgeGate } from '../../score/gate.ts';
import type { Obstacle } from '../../score/misaddressed.ts';
import { obstacle } from '../../score/obstacle.ts';
import { type Assessment, assess } from '../../score/score.ts';
import { version } from '../../version.ts';
import { usageError } from '../exit.ts';
import { notices } from './notices.ts';
import type { AuditOptions } from './options.ts';
import type { Plan } from './plan.ts';

/** The result of judging the evidence. */
export interface Judged {
  assessment: Assessment;
  comparison: Comparison;
  gate: GateResult | null;
  obstacle: Obstacle | null;
  /** The baseline to write; null if none was requested or the target could not be assessed. */
  baseline: Baseline | null;
  report: Report;
}

/** @throws CommandError (usage) if saved evidence is inconsistent */
export function judge(evidence: SavedEvidence, plan: Plan, { profile }: AuditOptions): Judged {
  if (!plan.saved) return judgeEvidence(evidence, plan, profile);
  try {
    return judgeEvidence(evidence, plan, profile);
  } catch (error) {
    // It matches the schema, but was edited: one part refers to another that is missing.
    throw usageError(
      `The saved evidence is inconsistent: ${(error as Error).message}`,
      'Save it again with --save-evidence <file>.',
    );
  }
}

function judgeEvidence(
  { evidence, startedAt, durationMs }: SavedEvidence,
  { selection, gate: requested, newBaseline }: Plan,
  profile: AuditOptions['profile'],
): Judged {
  const assessment = assess(profile, evidence, selection);
  const found = obstacle(evidence, assessment);
  const written = newBaseline && !found ? baselineOf(assessment, newBaseline.earlier) : null;
  const baseline = written ?? requested.baseline ?? null;
  const comparison = compare(assessment, baseline);
  const gate = judgeGate({ ...requested, baseline: baseline ?? undefined }, assessment);
  const report = buildReport(
    { tool: { name: 'mcp-prod', version }, startedAt, durationMs },
    { ...evidence, notices: [...evidence.notices, ...notices(assessment, comparison)] },
    assessment,
    gate,
  );
  return { assessment, comparison, gate, obstacle: found, baseline: written, report };
}
