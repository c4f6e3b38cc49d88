import { type Criterion, type Judgement, pass, type Row } from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Proof } from '../evidence/proof.ts';

/** A judgement and the evidence that it rests on. */
export interface WithProof {
  proof: Proof;
  judgement: Judgement;
}

/**
 * Adds what the configuration attests, as the weakest judgement. Where the attestation is about what stands in front of the
 * server, a failure of the lab's own instance is no contradiction: the lab has nothing in front.
 *
 * @param shown by other evidence, strongest first
 */
export function withAttestation(
  { id, attestable }: Criterion,
  row: Row,
  shown: WithProof[],
  { attested, lab }: Evidence,
): WithProof[] {
  const statement = attestable && attested?.[`${row.id}/${id}`];
  // What does not apply needs no attestation.
  if (!statement || shown.some(({ judgement }) => judgement.verdict === 'not-applicable')) return shown;
  const yields = ({ proof, judgement }: WithProof) =>
    attestable.inFront === true &&
    judgement.verdict === 'fail' &&
    (proof === 'proven' || (proof === 'observed' && lab?.ownWire === true));
  const [bare] = shown.filter(yields).map(({ judgement }) => judgement);
  const judgement =
    bare && 'finding' in bare
      ? pass(
          `Attested: ${sentence(statement)} In the lab the server itself failed: ${bare.finding}`,
          ...(bare.sources ?? []),
        )
      : pass(`Attested: ${statement}`);
  return [...shown.filter((one) => !yields(one)), { proof: 'attested', judgement }];
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
