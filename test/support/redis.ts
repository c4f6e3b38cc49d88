import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Program, startProgram } from './programs.ts';

export interface RedisServer {
  url: string;
  /** Stops it without ending it: connections stay open and nothing is answered. */
  freeze: () => void;
  /** Lets it go on. */
  thaw: () => void;
  /** Ends it at once, with what it knows. */
  kill: () => Promise<void>;
  /** Starts it again on the same port, empty. */
  start: () => Promise<void>;
  close: () => Promise<void>;
}

/** A real Redis without a disk, on a free port of loopback. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-redis-'));
  const port = await freePort();
  let running: Program | undefined;
  const start = async () => {
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    running = await startProgram('redis-server', words, {
      ready: /Ready to accept connections/,
      debian: 'redis-server',
    });
  };
  const kill = async () => {
    running?.child.kill('SIGKILL');
    await running?.exited;
    running = undefined;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => running?.child.kill('SIGSTOP'),
    thaw: () => running?.child.kill('SIGCONT'),
    kill,
    start,
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
