import { type Inspector, type ListeningSocket, type ProcessDetails, treeMembers } from './inspector.ts';
import { linesOf, link, read, readdir } from './proc.ts';
import { createProcessTable } from './process-table.ts';

/** Reads /proc (proc(5)): exact, and no program has to run. */
export function inspectLinux(): Inspector {
  const processes = createProcessTable();
  return {
    members: async ({ marker, sessions }) => treeMembers(processes(marker, sessions), sessions),
    listening: async (pids) => {
      const owners = pids.flatMap((pid) => socketInodes(pid).map((inode) => ({ pid, inode })));
      return owners.length === 0 ? [] : listenersOf(owners);
    },
    details: async (pid) => details(pid),
  };
}

/** Stops reading when all are found: the kernel takes milliseconds to produce a whole table. */
function listenersOf(owners: readonly { pid: number; inode: string }[]): ListeningSocket[] {
  const sought = new Set(owners.map(({ inode }) => inode));
  const sockets: Row[] = [];
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const row of listenersIn(file)) {
      if (sought.delete(row.inode)) sockets.push(row);
      if (sought.size === 0) break;
    }
    if (sought.size === 0) break;
  }
  return owners.flatMap(({ pid, inode }) =>
    sockets.filter((socket) => socket.inode === inode).map(({ address, port }) => ({ pid, address, port })),
  );
}

interface Row {
  address: string;
  port: number;
  inode: string;
}

/** A row of the table: number, local and remote address, state LISTEN (0A), later the inode. */
const listener = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F:]+ 0A (?:\S+\s+){5}(\d+)/;

function* listenersIn(file: string): Generator<Row> {
  for (const line of linesOf(file)) {
    const [, address, port = '', inode = ''] = listener.exec(line) ?? [];
    if (address !== undefined) yield { address: addressOf(address), port: Number.parseInt(port, 16), inode };
    // Listeners come first.
    else if (!line.trimStart().startsWith('sl')) return;
  }
}

/** 32-bit words in the byte order of the machine: little-endian wherever Node runs on Linux, except s390x. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  // The URL parser makes the canonical form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function socketInodes(pid: number): string[] {
  return readdir(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

function details(pid: number): ProcessDetails {
  const status = read(`/proc/${pid}/status`);
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  const limit = /^Max open files\s+(\S+)\s+(\S+)/m.exec(read(`/proc/${pid}/limits`));
  const files = readdir(`/proc/${pid}/fd`).length;
  return {
    uid: uid === undefined ? null : Number(uid),
    residentBytes: resident === undefined ? null : Number(resident) * 1024,
    openFiles: files === 0 ? null : files,
    openFilesLimit: limit ? { soft: limitOf(limit[1]), hard: limitOf(limit[2]) } : null,
  };
}

function limitOf(text: string | undefined): number | null {
  return text === undefined || text === 'unlimited' ? null : Number(text);
}
