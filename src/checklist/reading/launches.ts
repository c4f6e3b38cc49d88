import type { LabEvidence } from '../../evidence/lab/lab.ts';
import type { ExitRecord, LaunchFacts } from '../../evidence/lab/launch.ts';

/** "with code 1", "by SIGABRT" */
export const howItEnded = ({ code, signal }: ExitRecord): string =>
  signal === null ? `with code ${code}` : `by ${signal}`;

/** Whether a server that starts so slowly may have needed more than this time: then nothing can be said of its silence. */
export function mayNeedLonger({ baseline }: LabEvidence, waitedMs: number): boolean {
  const { outcome } = baseline.launch;
  return outcome.kind === 'listening' && outcome.afterMs > waitedMs / 3;
}

/** The last line that it wrote, for a finding; undefined: it wrote nothing. */
export function lastLine({ output }: LaunchFacts): string | undefined {
  const line = output.lines.findLast(({ text }) => text.trim() !== '')?.text.trim();
  return line !== undefined && line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
