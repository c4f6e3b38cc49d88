import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import type { ProjectFiles } from '../files/project-files.ts';

/**
 * Reads the configurations of log collectors, alert rules and receivers.
 *
 * @param names the project's files, relative to its root
 */
export async function readObservability(_names: string[], _files: ProjectFiles): Promise<ObservabilityFacts> {
  return { logCollectors: [], alertRules: [], alertReceivers: [] };
}
