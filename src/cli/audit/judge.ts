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

/** All that follows from the evidence and the question. */
export interface Judged {
  assessment: Assessment;
  comparison: Comparison;
  gate: GateResult | null;
  obstacle: Obstacle | null;
  /** The baseline to write, when one was asked for and the target could be assessed. */
  baseline: Baseline | null;
  report: Report;
}

/** @throws CommandError (usage) when saved evidence contradicts itself */
export function judge(seen: SavedEvidence, plan: Plan, { profile }: AuditOptions): Judged {
  if (!plan.saved) return judgeSeen(seen, plan, profile);
  try {
    return judgeSeen(seen, plan, profile);
  } catch (error) {
    // Its form is right, but it was changed by hand: what one part names is missing in another.
    throw usageError(
      `The saved evidence cannot be judged: ${(error as Error).message}`,
      'Save it again with --save-evidence <file>.',
    );
  }
}

function judgeSeen(
  { evidence, startedAt, durationMs }: SavedEvidence,
  { selection, gate: asked, newBaseline }: Plan,
  profile: AuditOptions['profile'],
): Judged {
  const assessment = assess(profile, evidence, selection);
  const hindrance = obstacle(evidence, assessment);
  const written = newBaseline && !hindrance ? baselineOf(assessment, newBaseline.earlier) : null;
  const baseline = written ?? asked.baseline ?? null;
  const comparison = compare(assessment, baseline);
  const gate = judgeGate({ ...asked, baseline: baseline ?? undefined }, assessment);
  const report = buildReport(
    { tool: { name: 'mcp-prod', version }, startedAt, durationMs },
    { ...evidence, notices: [...evidence.notices, ...notices(assessment, comparison)] },
    assessment,
    gate,
  );
  return { assessment, comparison, gate, obstacle: hindrance, baseline: written, report };
}
