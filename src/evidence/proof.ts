/**
 * The strength of a proof, weakest first: attested in the configuration, declared in files, observed over the wire, proven
 * by an experiment.
 */
export const proofs = ['attested', 'declared', 'observed', 'proven'] as const;
export type Proof = (typeof proofs)[number];
