/** How to fix a row in one language: one or more sentences, and code or configuration. */
export interface Remedy {
  text: string;
  /** The language of the code, as in a Markdown fence. */
  language: 'ts' | 'python' | 'dockerfile' | 'yaml';
  code: string;
}

/** Remedies for the two most common stacks: the TypeScript SDK v2 on Fastify 5, and Python’s FastMCP. */
export interface Remedies {
  typescript: Remedy;
  python: Remedy;
}
