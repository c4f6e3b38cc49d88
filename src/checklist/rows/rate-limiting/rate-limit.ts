import type { WireEvidence } from '../../../evidence/wire.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { isServed } from '../../reading/wire/exchanges.ts';
import { inconclusive, type Judgement } from '../../row.ts';

/** A judge of a burst, for the burst that the lab sent to its own instance. */
export function inLab(judge: (wire: WireEvidence) => Judgement) {
  return provenBy('rate-limit', ({ wire }) =>
    isServed(wire)
      ? judge(wire)
      : inconclusive('The lab sent no burst, because the server served no MCP client.'),
  );
}
