import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { mcpProd } from './preparation.ts';
import { freePort, startServer } from './server-process.ts';
import type { Variant } from './variants.ts';

/** What whole wire audits cost, each of a server that nobody has asked before. */
export interface AuditCost {
  healthy: { seconds: number[]; requests: number };
  /** A server that accepts connections and never answers, with default settings. */
  silentSeconds: number;
}

/** As documented for production: the limit is there for the burst to meet. */
const requestsPerMinute = '60';

/** Runs `mcp-prod audit` against the server, started anew for each round, and against one that is silent. */
export async function measureAudits(variant: Variant, rounds: number): Promise<AuditCost> {
  const limited = { ...variant, env: { ...variant.env, RATE_LIMIT: requestsPerMinute } };
  const seconds: number[] = [];
  let requests = 0;
  for (let round = 0; round < rounds; round += 1) {
    const server = await startServer(limited);
    try {
      const cost = await audit(`${server.origin}/mcp`, '--token', variant.token ?? '');
      seconds.push(cost.seconds);
      requests = Math.max(requests, cost.requests);
    } finally {
      await server.stop();
    }
  }
  return { healthy: { seconds, requests }, silentSeconds: await auditSilence() };
}

async function auditSilence(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return (await audit(`http://127.0.0.1:${port}/mcp`)).seconds;
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Seconds as a user sees them, the start of the program included, and the requests that were sent. */
async function audit(...words: string[]): Promise<{ seconds: number; requests: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-bench-'));
  const file = join(folder, 'evidence.json');
  try {
    const started = performance.now();
    const options = ['--profile', 'extended', '--save-evidence', file];
    // A server that cannot be assessed is exit code 3, which is no failure of the bench.
    await execa(process.execPath, [mcpProd, 'audit', ...words, ...options], {
      stdin: 'ignore',
      reject: false,
    });
    const seconds = (performance.now() - started) / 1000;
    const saved = JSON.parse(await readFile(file, 'utf8')) as {
      evidence: { wire: { exchanges: unknown[] } };
    };
    return { seconds, requests: saved.evidence.wire.exchanges.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
