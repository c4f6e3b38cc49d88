import type { CallRecord } from '../../evidence/lab/client.ts';
import type { CallableTool } from '../known-server.ts';
import type { LabClient } from './client.ts';

/** Calls a tool repeatedly, with new arguments as long as there are any. */
export interface Caller {
  /** Starts one call, without waiting for it. */
  call: () => void;
  /** Waits for all calls. */
  finished: () => Promise<CallRecord[]>;
}

const maxVariants = 100;

/** @param timeoutMs milliseconds for each call */
export function createCaller(client: LabClient, tool: CallableTool, timeoutMs: number): Caller {
  const calls: Promise<CallRecord>[] = [];
  let variants = 1;
  while (variants < maxVariants && tool.arguments(variants) !== undefined) variants += 1;
  return {
    call: () => {
      const call = client.call(tool.name, tool.arguments(calls.length % variants) ?? {}, { timeoutMs });
      // An abort may come before `finished`.
      call.catch(() => {});
      calls.push(call);
    },
    finished: () => Promise.all(calls),
  };
}
