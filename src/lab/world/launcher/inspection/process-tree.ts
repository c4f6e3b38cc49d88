/** Processes that belong together: all that carry the marker, their sessions, and what they started. */
export interface ProcessTree {
  /** Beginning of the marker's value in the environment. */
  marker: string;
  /** Sessions (on systems that do not tell, process groups) that belong to it, whatever is left of them. */
  sessions: readonly number[];
}

export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  marked: boolean;
}

/** Those that are marked or in one of the sessions, all of their sessions, and all descendants. */
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
