import type { SourceFacts } from '../../../evidence/source.ts';
import type { ProjectFiles } from '../files/project-files.ts';

export const nothingParsed = (): SourceFacts => ({
  parsed: { typescript: 0, javascript: 0, python: 0 },
  httpCalls: [],
  loggers: [],
  plainOutput: [],
  signalHandlers: [],
  caches: [],
  errorTrackers: [],
  metrics: [],
  rateLimiters: [],
});

/**
 * Reads TypeScript, JavaScript and Python by their syntax trees.
 *
 * @param names the project's files, relative to its root
 */
export async function readSource(_names: string[], _files: ProjectFiles): Promise<SourceFacts> {
  return nothingParsed();
}
