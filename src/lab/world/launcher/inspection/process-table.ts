import { markerVariable } from '../environment.ts';
import { type ProcessEntry, treeMembers } from './inspector.ts';
import { read, readdir } from './proc.ts';

/** Milliseconds until a process is known to be unrelated: a new one has its parent's environment until it runs a program. */
const unrelatedAfterMs = 2_000;

/**
 * The running processes of /proc. The table is read some 30 times a second while servers start, so it skips processes that are
 * known to be unrelated: without the marker, in no session of the lab, and with no parent in it.
 *
 * @returns reads every process that may belong to the lab
 */
export function createProcessTable(): (marker: string, sessions: readonly number[]) => ProcessEntry[] {
  const firstSeen = new Map<number, number>();
  const unrelated = new Set<number>();
  const known = new Set<number>();
  const markers = new Map<number, Marked>();

  return (marker, sessions) => {
    for (const session of sessions) known.add(session);
    const pids = livingPids();
    // The system may reuse the pid of a process that has exited.
    const living = new Set(pids);
    for (const pid of firstSeen.keys()) {
      if (living.has(pid)) continue;
      firstSeen.delete(pid);
      unrelated.delete(pid);
      markers.delete(pid);
    }
    const found = pids.filter((pid) => !unrelated.has(pid)).flatMap((pid) => readEntry(pid) ?? []);
    rememberUnrelated(found);
    return found.map(({ marker: own, ...entry }) => ({ ...entry, marked: own?.startsWith(marker) ?? false }));
  };

  /** @returns undefined for one that has exited, or is a zombie */
  function readEntry(pid: number): Entry | undefined {
    // The name in parentheses may itself contain parentheses.
    const stat = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    const [state, parent, , session] = stat;
    const begun = stat[startTime] ?? '';
    if (session === undefined || state === 'Z' || state === 'X') return undefined;
    const marked = markers.get(pid);
    const marker = marked?.begun === begun ? marked.marker : markerOf(pid);
    if (marker !== undefined) markers.set(pid, { begun, marker });
    return { pid, parent: Number(parent), session: Number(session), marker };
  }

  function rememberUnrelated(found: readonly Entry[]): void {
    const now = performance.now();
    const marked = found.map(({ marker, ...entry }) => ({ ...entry, marked: marker !== undefined }));
    const ours = new Set(treeMembers(marked, [...known]));
    for (const { pid } of found) {
      const since = firstSeen.get(pid) ?? now;
      firstSeen.set(pid, since);
      if (!ours.has(pid) && now - since > unrelatedAfterMs) unrelated.add(pid);
    }
  }
}

/** A process with a marker belongs to that lab until it exits. */
interface Marked {
  /** Its start time, because pids are reused. */
  begun: string;
  marker: string;
}

/** The index of field 22 of stat, after the name (proc(5)). */
const startTime = 19;

interface Entry extends Omit<ProcessEntry, 'marked'> {
  /** Of any lab. */
  marker: string | undefined;
}

function livingPids(): number[] {
  return readdir('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function markerOf(pid: number): string | undefined {
  const environment = `\0${read(`/proc/${pid}/environ`)}`;
  const at = environment.indexOf(`\0${markerVariable}=`);
  const begin = at + markerVariable.length + 2;
  return at < 0 ? undefined : environment.slice(begin, environment.indexOf('\0', begin));
}
