/** What the collector reads together: what deploys the server, what watches it, literal secrets in all files, the source. */
export const projectParts = ['deployment', 'observability', 'secrets', 'source'] as const;
export type ProjectPart = (typeof projectParts)[number];
