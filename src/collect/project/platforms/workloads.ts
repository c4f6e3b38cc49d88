import type { Workload } from '../../../evidence/workload.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import type { noSecrets } from '../secrets/literal-secrets.ts';

/**
 * Reads the deployment descriptions of platforms other than compose.
 *
 * @param names the project's files, relative to its root
 */
export async function readWorkloads(
  _names: string[],
  _files: ProjectFiles,
  _secrets: ReturnType<typeof noSecrets>,
): Promise<Workload[]> {
  return [];
}
