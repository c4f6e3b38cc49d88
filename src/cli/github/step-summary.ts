import { appendFile, stat } from 'node:fs/promises';

/** GitHub shows no summary of a step that is larger. */
const maxBytes = 1_048_576;

/**
 * Adds Markdown to the summary of the workflow run.
 *
 * @param file of `GITHUB_STEP_SUMMARY`, where other commands of the step write as well
 * @returns why it could not be added, or null
 */
export async function addToStepSummary(file: string, markdown: string): Promise<string | null> {
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size + Buffer.byteLength(markdown) > maxBytes) return 'it would be larger than GitHub allows';
    await appendFile(file, `${markdown}\n`);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
