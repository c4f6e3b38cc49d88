import type { CallRecord } from '../../evidence/lab/client.ts';
import type { CallableTool } from '../known-server.ts';
import type { LabClient } from './client.ts';

/** Calls a tool again and again, with arguments that this instance has not seen for as long as there are any. */
export interface Caller {
  /** Sends one call, and does not wait for it. */
  call: () => void;
  /** All calls that were sent, when each has come to an end. */
  finished: () => Promise<CallRecord[]>;
}

const maxVariants = 100;

/** @param timeoutMs milliseconds that are waited for each call */
export function createCaller(client: LabClient, tool: CallableTool, timeoutMs: number): Caller {
  const calls: Promise<CallRecord>[] = [];
  let variants = 1;
  while (variants < maxVariants && tool.arguments(variants) !== undefined) variants += 1;
  return {
    call: () => {
      const call = client.call(tool.name, tool.arguments(calls.length % variants) ?? {}, { timeoutMs });
      // An abort may come before anybody waits for it.
      call.catch(() => {});
      calls.push(call);
    },
    finished: () => Promise.all(calls),
  };
}
