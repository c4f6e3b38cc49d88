import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cleanEnvironment, markerVariable } from '../environment.ts';
import { type Inspector, type ListeningSocket, type ProcessEntry, treeMembers } from './inspector.ts';

const run = promisify(execFile);

/** Uses `ps` and `lsof` where there is no /proc. They do not show the limits of other processes. */
export function inspectPortably(platform: NodeJS.Platform): Inspector {
  return {
    members: async ({ marker, sessions }) => treeMembers(await entries(platform, marker), sessions),
    listening: async (pids) => {
      if (pids.length === 0) return [];
      const text = await output('lsof', ['-nP', '-a', '-iTCP', '-sTCP:LISTEN', '-p', pids.join(','), '-Fpn']);
      return sockets(text);
    },
    details: async (pid) => {
      const [uid, resident] = (await output('ps', ['-o', 'uid=,rss=', '-p', String(pid)]))
        .trim()
        .split(/\s+/);
      const files = (await output('lsof', ['-nP', '-p', String(pid), '-Ff'])).match(/^f\d+/gm)?.length;
      return {
        uid: uid ? Number(uid) : null,
        residentBytes: resident ? Number(resident) * 1024 : null,
        openFiles: files ?? null,
        openFilesLimit: null,
      };
    },
  };
}

/** `ps` prints the environment after the command. The process group stands for the session. */
async function entries(platform: NodeJS.Platform, marker: string): Promise<ProcessEntry[]> {
  const all = platform === 'darwin' ? '-axEww' : 'axeww';
  const text = await output('ps', [all, '-o', 'pid=,ppid=,pgid=,state=,command=']);
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, session, state, rest = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s?(.*)$/s.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    const marked = rest.includes(` ${markerVariable}=${marker}`);
    return [{ pid: Number(pid), parent: Number(parent), session: Number(session), marked }];
  });
}

function sockets(text: string): ListeningSocket[] {
  let pid = 0;
  const found: ListeningSocket[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    const [, address, port] = /^n(.*):(\d+)$/.exec(line) ?? [];
    if (address === undefined) continue;
    found.push({
      pid,
      address: address === '*' ? '0.0.0.0' : address.replace(/^\[|\]$/g, ''),
      port: Number(port),
    });
  }
  return found;
}

/** Both programs exit with 1 when they find nothing. */
async function output(file: string, args: string[]): Promise<string> {
  try {
    return (await run(file, args, { maxBuffer: 64 * 1024 * 1024, env: cleanEnvironment(process.env) }))
      .stdout;
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? '';
  }
}
