/** The strength of a proof, weakest first: declared in files, observed over the wire, proven by an experiment. */
export const proofs = ['declared', 'observed', 'proven'] as const;
export type Proof = (typeof proofs)[number];
