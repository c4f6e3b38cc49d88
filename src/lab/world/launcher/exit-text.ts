import type { ExitRecord, OutputFacts } from '../../../evidence/lab/launch.ts';
import { crashMessage } from '../../../text/crash/message.ts';

/** "exited with code 1", "was killed by SIGKILL" */
export function exitText(exit: ExitRecord | null): string {
  return exit?.signal ? `was killed by ${exit.signal}` : `exited with code ${exit?.code ?? 'unknown'}`;
}

/** " It printed: …", for the end of a sentence. Empty when nothing was printed. */
export function printedText({ lines }: OutputFacts): string {
  const message = crashMessage(lines);
  return message === undefined ? '' : ` It printed: ${message}`;
}
