import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A Redis server without persistence on a port of its own; undefined where redis-server is not installed. */
export async function startRedis(
  port: number,
): Promise<{ url: string; close: () => Promise<void> } | undefined> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return undefined;
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  for await (const chunk of server.stdout) {
    if (String(chunk).includes('Ready to accept connections')) break;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      server.kill('SIGTERM');
      await exited;
    },
  };
}
