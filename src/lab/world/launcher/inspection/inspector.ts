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

/** Looks at processes from outside. Nothing here throws for a process that is gone or that may not be looked at. */
export interface Inspector {
  /** The ids of living processes; a dead one that nobody has reaped yet does not count. */
  members: (tree: ProcessTree) => Promise<number[]>;
  /** TCP sockets that those processes listen on. */
  listening: (pids: readonly number[]) => Promise<ListeningSocket[]>;
  details: (pid: number) => Promise<ProcessDetails>;
}
