import type { CallRecord } from '../../evidence/lab/client.ts';
import type { CallableTool } from '../known-server.ts';
import type { LabClient } from './client.ts';

/** Calls the known tool again and again, with arguments that this instance has not seen. */
export interface Caller {
  /** Sends one call, and does not wait for it. Returns false when there are no arguments left. */
  call: () => boolean;
  /** All calls that were sent, when each has come to an end. */
  finished: () => Promise<CallRecord[]>;
}

/** Milliseconds that are waited for a call: how it ends is not the question. */
const timeoutMs = 5_000;

export function createCaller(client: LabClient, tool: CallableTool): Caller {
  const calls: Promise<CallRecord>[] = [];
  return {
    call: () => {
      const words = tool.arguments(calls.length);
      if (words === undefined) return false;
      const call = client.call(tool.name, words, { timeoutMs });
      // An abort may come before anybody waits for it.
      call.catch(() => {});
      calls.push(call);
      return true;
    },
    finished: () => Promise.all(calls),
  };
}
