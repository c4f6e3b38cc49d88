import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import type { WireEvidence } from '../../src/evidence/wire.ts';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { auditWire } from '../../src/lab/wire-audit.ts';
import { judgeRow } from '../support/rows.ts';
import { inEachLanguage, type Language, readyPlan } from './ready.ts';
import { openTestWorld, weatherPlan } from './support.ts';

async function audited(language: Language, defect = ''): Promise<WireEvidence> {
  const world = await openTestWorld(weatherPlan(readyPlan(language, defect)));
  try {
    const wire = await auditWire(
      world,
      await baseline(world),
      { timeoutMs: 10_000, budgetMs: 60_000, burst: false },
      () => {},
    );
    if (wire === null) throw new Error('Nothing listened.');
    const key = world.canaries.values.MCP_API_KEY ?? '';
    expect(JSON.stringify(wire)).not.toContain(key.slice(0, Math.floor(key.length / 2)));
    return wire;
  } finally {
    await world.close();
  }
}

const verdictsOf = (wire: WireEvidence) =>
  Object.fromEntries(
    profiles.extended.flatMap(({ id }) =>
      judgeRow(id, { wire }).criteria.map((one) => [`${id}/${one.id}`, one.verdict] as const),
    ),
  );

describe.each(inEachLanguage)('a server in %s', (language) => {
  it('that takes a part of its key, or more than its key, fails this criterion alone', async () => {
    const good = verdictsOf(await audited(language));
    const criterion = 'endpoint-authentication/wrong-credential-refused';
    expect(good[criterion]).toBe('pass');
    for (const defect of ['token-prefix', 'token-extended']) {
      expect(verdictsOf(await audited(language, defect))).toEqual({ ...good, [criterion]: 'fail' });
    }
  });
});
