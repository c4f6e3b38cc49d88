import type { ProcessFacts } from '../../../../evidence/lab/launch.ts';
import type { ProcessTree } from './process-tree.ts';

export interface ListeningSocket {
  pid: number;
  address: string;
  port: number;
}

export type ProcessDetails = Omit<ProcessFacts, 'pid' | 'listens' | 'session'>;

/** Inspects processes from outside. It does not throw for a process that has exited or may not be inspected. */
export interface Inspector {
  /** The ids of running processes, without zombies. */
  members: (tree: ProcessTree) => Promise<number[]>;
  /** TCP sockets that those processes listen on. */
  listening: (pids: readonly number[]) => Promise<ListeningSocket[]>;
  details: (pid: number) => Promise<ProcessDetails>;
}
