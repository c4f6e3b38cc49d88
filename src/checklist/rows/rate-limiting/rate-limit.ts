import type { WireEvidence } from '../../../evidence/wire.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { isServed } from '../../reading/wire/exchanges.ts';
import { inconclusive, type Judgement } from '../../row.ts';

/** The same judges, by the burst that the lab sent to an instance of its own. */
export function inLab(judge: (wire: WireEvidence) => Judgement) {
  return provenBy('rate-limit', ({ wire }) =>
    isServed(wire) ? judge(wire) : inconclusive('No MCP client was served, so that no burst was sent.'),
  );
}
