import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ExitRecord, LaunchFacts } from '../../../evidence/lab/launch.ts';
import { cut } from '../../../text/printable.ts';

/** "with code 1", "by SIGABRT" */
export const howItEnded = ({ code, signal }: ExitRecord): string =>
  signal === null ? `with code ${code}` : `by ${signal}`;

/** Whether a server that starts so slowly may have needed more than this time: then nothing can be said of its silence. */
export function mayNeedLonger({ baseline }: LabEvidence, waitedMs: number): boolean {
  const servedMs = servedAfter(baseline.launch);
  return servedMs !== null && servedMs > waitedMs / 3;
}

/** Milliseconds after which it listened, or served its client over stdio; null: it did not. */
export function servedAfter({ outcome }: LaunchFacts): number | null {
  return outcome.kind === 'listening' || outcome.kind === 'speaking' ? outcome.afterMs : null;
}

/** What a server does that serves: "listened" */
export const servedText = ({ port }: LaunchFacts): string =>
  port === null ? 'served its client' : 'listened';

/** The last line that it wrote, for a finding; undefined: it wrote nothing. */
export function lastLine({ output }: LaunchFacts): string | undefined {
  const line = output.lines.findLast(({ text }) => text.trim() !== '')?.text.trim();
  return line && cut(line, 200);
}
