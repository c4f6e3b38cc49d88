import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ExitRecord, LaunchFacts } from '../../../evidence/lab/launch.ts';
import { crashMessage } from '../../../text/crash/message.ts';

/** "with code 1", "by SIGABRT" */
export const howItEnded = ({ code, signal }: ExitRecord): string =>
  signal === null ? `with code ${code}` : `with signal ${signal}`;

/** Whether the server starts too slowly for this wait: its silence then shows nothing. */
export function mayNeedLonger({ baseline }: LabEvidence, waitedMs: number): boolean {
  const servedMs = servedAfter(baseline.launch);
  return servedMs !== null && servedMs > waitedMs / 3;
}

/** Milliseconds until the server listened, or served its client over stdio. Null: it did neither. */
export function servedAfter({ outcome }: LaunchFacts): number | null {
  return outcome.kind === 'listening' || outcome.kind === 'speaking' ? outcome.afterMs : null;
}

/** What the server did once it was up: "listened". */
export const servedText = ({ port }: LaunchFacts): string =>
  port === null ? 'served its client' : 'listened';

/** The line of the output that says why the server ended. Undefined: there was no output. */
export const messageOf = ({ output }: LaunchFacts): string | undefined => crashMessage(output.lines, 200);
