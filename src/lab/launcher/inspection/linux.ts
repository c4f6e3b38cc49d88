import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { markerVariable } from '../environment.ts';
import { type Inspector, type Kin, kinOf, type ProcessDetails, type ProcessEntry } from './inspector.ts';

/** From /proc (proc(5)): some milliseconds, no program to start, and exact. */
export const inspectLinux: Inspector = {
  members: async ({ marker, sessions }: Kin) => kinOf(entries(marker), sessions),
  listening: async (pids) => {
    const sockets = [...table('/proc/net/tcp'), ...table('/proc/net/tcp6')];
    if (sockets.length === 0) return [];
    return pids.flatMap((pid) => {
      const inodes = new Set(socketInodes(pid));
      return sockets
        .filter(({ inode }) => inodes.has(inode))
        .map(({ address, port }) => ({ pid, address, port }));
    });
  },
  details: async (pid) => details(pid),
};

function entries(marker: string): ProcessEntry[] {
  const assignment = `${markerVariable}=${marker}`;
  return readdir('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      // The name in parentheses may hold anything, parentheses as well.
      const stat = read(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      const [state, parent, , session] = stat;
      if (session === undefined || state === 'Z' || state === 'X') return [];
      const environment = read(`/proc/${name}/environ`);
      const marked = `\0${environment}`.includes(`\0${assignment}`);
      return [{ pid: Number(name), parent: Number(parent), session: Number(session), marked }];
    });
}

interface Row {
  address: string;
  port: number;
  inode: string;
}

const listenState = '0A';

function table(file: string): Row[] {
  return read(file)
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local === undefined || inode === undefined || state !== listenState) return [];
      const [address = '', port = ''] = local.split(':');
      return [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }];
    });
}

/** Words of 32 bits in the machine's byte order, which is little-endian wherever Node runs on Linux but s390x. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  // The URL parser knows the shortest form (RFC 5952).
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

/** What is gone, or belongs to somebody else, is empty. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function readdir(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
