import { read, readdir } from './proc.ts';
import { type ProcessEntry, treeMembers } from './process-tree.ts';

/** Milliseconds after which a process that is a stranger stays one: what starts has its parent's environment at first. */
const strangerAfterMs = 2_000;

export interface ProcessTable {
  /** Every process that may belong to the lab. */
  entries: (marker: string, sessions: readonly number[]) => ProcessEntry[];
}

/**
 * The living processes, as /proc has them. It is looked at some thirty times a second while servers start, and most processes
 * of a machine have nothing to do with the lab: those are looked at until they are known for strangers. A process without
 * the marker, in no session of the lab and with no parent there, can come into none of these any more.
 *
 * @param variable that carries the marker
 */
export function createProcessTable(variable: string): ProcessTable {
  const firstSeen = new Map<number, number>();
  const strangers = new Set<number>();
  const known = new Set<number>();
  const markers = new Map<number, Marked>();

  return {
    entries: (marker, sessions) => {
      for (const session of sessions) known.add(session);
      const pids = livingPids();
      // A number that was free for a moment may be another process's now.
      const living = new Set(pids);
      for (const pid of firstSeen.keys()) {
        if (living.has(pid)) continue;
        firstSeen.delete(pid);
        strangers.delete(pid);
        markers.delete(pid);
      }
      const looked = pids
        .filter((pid) => !strangers.has(pid))
        .flatMap((pid) => {
          const found = look(pid);
          return found === undefined ? [] : [found];
        });
      rememberStrangers(looked);
      return looked.map(({ marker: own, ...entry }) => ({
        ...entry,
        marked: own?.startsWith(marker) ?? false,
      }));
    },
  };

  /** @returns undefined for one that is gone, or dead and not reaped yet */
  function look(pid: number): Looked | undefined {
    // The name in parentheses may hold anything, parentheses as well.
    const stat = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    const [state, parent, , session] = stat;
    const begun = stat[beginning] ?? '';
    if (session === undefined || state === 'Z' || state === 'X') return undefined;
    const marked = markers.get(pid);
    const marker = marked?.begun === begun ? marked.marker : markerOf(pid, variable);
    if (marker !== undefined) markers.set(pid, { begun, marker });
    return { pid, parent: Number(parent), session: Number(session), marker };
  }

  function rememberStrangers(looked: readonly Looked[]): void {
    const now = performance.now();
    const marked = looked.map(({ marker, ...entry }) => ({ ...entry, marked: marker !== undefined }));
    const ours = new Set(treeMembers(marked, [...known]));
    for (const { pid } of looked) {
      const since = firstSeen.get(pid) ?? now;
      firstSeen.set(pid, since);
      if (!ours.has(pid) && now - since > strangerAfterMs) strangers.add(pid);
    }
  }
}

/** A process that carries a marker belongs to that lab for as long as it lives. */
interface Marked {
  /** When it began: another process may have its number later. */
  begun: string;
  marker: string;
}

/** Of field 22 of stat, after the name (proc(5)). */
const beginning = 19;

interface Looked extends Omit<ProcessEntry, 'marked'> {
  /** Of whatever lab. */
  marker: string | undefined;
}

function livingPids(): number[] {
  return readdir('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function markerOf(pid: number, variable: string): string | undefined {
  const environment = `\0${read(`/proc/${pid}/environ`)}`;
  const at = environment.indexOf(`\0${variable}=`);
  const begin = at + variable.length + 2;
  return at < 0 ? undefined : environment.slice(begin, environment.indexOf('\0', begin));
}
