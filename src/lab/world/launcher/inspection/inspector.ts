import type { ProcessFacts } from '../../../../evidence/lab/launch.ts';

export interface ListeningSocket {
  pid: number;
  address: string;
  port: number;
}

export type ProcessDetails = Omit<ProcessFacts, 'pid' | 'listens' | 'session'>;

/** Processes that belong together: those with the marker, their sessions, and their descendants. */
export interface ProcessTree {
  /** The beginning of the marker's value in the environment. */
  marker: string;
  /** Its sessions, on some systems its process groups, even if their leaders have exited. */
  sessions: readonly number[];
}

export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  marked: boolean;
}

/** Inspects processes from outside. It does not throw for a process that has exited or may not be inspected. */
export interface Inspector {
  /** The ids of running processes, without zombies. */
  members: (tree: ProcessTree) => Promise<number[]>;
  /** TCP sockets that those processes listen on. */
  listening: (pids: readonly number[]) => Promise<ListeningSocket[]>;
  details: (pid: number) => Promise<ProcessDetails>;
}

/** Those with the marker or in one of the sessions, their whole sessions, and all descendants. */
export function treeMembers(processes: readonly ProcessEntry[], sessions: readonly number[]): number[] {
  const known = new Set(sessions);
  const found = new Set<number>();
  let before = -1;
  while (found.size > before) {
    before = found.size;
    for (const { pid, parent, session, marked } of processes) {
      if (!(marked || known.has(session) || found.has(parent))) continue;
      found.add(pid);
      known.add(session);
    }
  }
  return [...found];
}
