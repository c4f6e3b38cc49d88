import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { listTools } from './requests.ts';
import type { Variant } from './variants.ts';

export interface RunningServer {
  variant: Variant;
  origin: string;
  child: ChildProcess;
  /** From the spawn until the first `tools/list` was answered, in ms. */
  startedMs: number;
  /** CPU seconds used so far, all threads, user and system. */
  cpuSeconds: () => number;
  /** Resident memory in MB. */
  memoryMb: () => number;
  /** Sends SIGTERM; resolves with the exit code, or null for a server that does not handle the signal. */
  stop: () => Promise<number | null>;
}

const startTimeoutMs = 30_000;
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Starts a server and waits until it has answered `tools/list`, so that what it loads late counts as well.
 *
 * @throws Error with what it wrote to stderr when it ends instead, or does not answer within 30 s
 */
export async function startServer(variant: Variant): Promise<RunningServer> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, variant.args, {
    cwd: variant.cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...variant.env, PORT: String(port) },
    // A pipe that somebody reads, as under Docker: a server pays for the lines it writes.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2_000);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilListening(port, child, started + startTimeoutMs);
    const answer = await fetch(`${origin}/mcp`, { method: 'POST', ...listTools(variant.token) });
    const body = await answer.text();
    if (!answer.ok || !body.includes('get_weather')) throw new Error(`${answer.status} ${body}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${variant.name} did not start: ${(error as Error).message} ${errors}`);
  }
  const startedMs = performance.now() - started;
  return {
    variant,
    origin,
    child,
    startedMs,
    cpuSeconds: () => cpuSeconds(child.pid),
    memoryMb: () => memoryMb(child.pid),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free on 127.0.0.1.');
  return address.port;
}

async function untilListening(port: number, child: ChildProcess, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended.');
    if (await accepts(port)) return;
    await wait(2);
  }
  throw new Error('nothing listens.');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** proc_pid_stat(5): the fields after the name in parentheses, of which 14 and 15 are user and system ticks. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function memoryMb(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
