import type { ExitRecord, OutputFacts } from '../../../evidence/lab/launch.ts';

/** "exited with code 1", "was killed by SIGKILL" */
export function exitText(exit: ExitRecord | null): string {
  return exit?.signal ? `was killed by ${exit.signal}` : `exited with code ${exit?.code ?? 'unknown'}`;
}

/** " Its last line: …", for the end of a sentence. Empty when nothing was printed. */
export function lastLineText({ lines }: OutputFacts): string {
  const last = lines.findLast(({ text }) => text.trim() !== '')?.text;
  return last === undefined ? '' : ` Its last line: ${last.slice(0, 300)}`;
}
