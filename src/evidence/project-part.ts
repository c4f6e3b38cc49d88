/** The parts that the collector reads: deployment files, monitoring, literal secrets in all files, and the source. */
export const projectParts = ['deployment', 'observability', 'secrets', 'source'] as const;
export type ProjectPart = (typeof projectParts)[number];
