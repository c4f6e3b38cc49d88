/** How strongly something is known, weakest first: read in files, seen over the wire, shown by an experiment. */
export const proofs = ['declared', 'observed', 'proven'] as const;
export type Proof = (typeof proofs)[number];
