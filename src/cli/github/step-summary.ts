import { appendFile, stat } from 'node:fs/promises';

/** GitHub drops a larger summary of a step. */
const maxBytes = 1_048_576;

/**
 * Adds Markdown to the summary of the workflow run.
 *
 * @param file the path in `GITHUB_STEP_SUMMARY`; other commands of the step append to it as well
 * @returns why the text could not be added, or null
 */
export async function addToStepSummary(file: string, markdown: string): Promise<string | null> {
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size + Buffer.byteLength(markdown) > maxBytes) return 'it would exceed the limit of GitHub, 1 MiB';
    await appendFile(file, `${markdown}\n`);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
