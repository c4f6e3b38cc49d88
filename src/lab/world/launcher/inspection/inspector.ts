import type { ProcessTree } from './process-tree.ts';

export interface ListeningSocket {
  pid: number;
  address: string;
  port: number;
}

export interface ProcessDetails {
  uid: number | null;
  residentBytes: number | null;
  openFiles: number | null;
  openFilesLimit: { soft: number | null; hard: number | null } | null;
}

/** Inspects processes from outside. It does not throw for a process that has exited or may not be inspected. */
export interface Inspector {
  /** The ids of running processes, without zombies. */
  members: (tree: ProcessTree) => Promise<number[]>;
  /** TCP sockets that those processes listen on. */
  listening: (pids: readonly number[]) => Promise<ListeningSocket[]>;
  details: (pid: number) => Promise<ProcessDetails>;
}
