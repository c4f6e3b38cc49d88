import { inspectLinux } from './linux.ts';
import { inspectPortably } from './portable.ts';

/** Processes that belong together: all that carry the marker, their sessions, and what they started. */
export interface Kin {
  /** Beginning of the marker's value in the environment. */
  marker: string;
  /** Sessions (on systems that do not tell, process groups) that belong to it, whatever is left of them. */
  sessions: readonly number[];
}

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
  members: (kin: Kin) => Promise<number[]>;
  /** TCP sockets that those processes listen on. */
  listening: (pids: readonly number[]) => Promise<ListeningSocket[]>;
  details: (pid: number) => Promise<ProcessDetails>;
}

/** @param platform Node's name of the system */
export function createInspector(platform: NodeJS.Platform = process.platform): Inspector {
  return platform === 'linux' ? inspectLinux() : inspectPortably(platform);
}

export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  marked: boolean;
}

/** Those that are marked or in one of the sessions, all of their sessions, and all descendants. */
export function kinOf(processes: readonly ProcessEntry[], sessions: readonly number[]): number[] {
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
