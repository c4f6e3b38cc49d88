/** How to do it in one language: a sentence, and the lines of code or configuration. */
export interface Remedy {
  text: string;
  /** Of the code, in the words of a Markdown fence. */
  language: 'ts' | 'python' | 'dockerfile' | 'yaml';
  code: string;
}

/** The way to a row for the two most common stacks: the TypeScript SDK v2 on Fastify 5, and Python's FastMCP. */
export interface Remedies {
  typescript: Remedy;
  python: Remedy;
}
