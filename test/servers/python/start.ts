import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { testToken } from '../listen.ts';

/** Debian's Python: only that one has the packages of Debian. */
const python = '/usr/bin/python3';
const script = new URL('weather.py', import.meta.url).pathname;

/** A server in another process. */
export interface PythonServer {
  url: URL;
  /** A bearer token that it accepts. */
  token: string;
  /** What it wrote to stderr so far. */
  errors: () => string;
  close: () => Promise<void>;
}

/**
 * Starts the Python server with these switches (see the head of `weather.py`) and resolves when it listens.
 *
 * @throws Error with what it wrote when it ends instead
 */
export async function startPythonServer(switches: Record<string, string> = {}): Promise<PythonServer> {
  const child = spawn(python, [script], {
    env: { PATH: process.env.PATH, ...switches },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Nothing that a test has started outlives it.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const closed = once(child, 'close').finally(() => process.off('exit', end));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-10_000);
  });
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).port));
    closed.then(
      () =>
        reject(
          new Error(
            `The Python server ended (apt-get install python3-starlette python3-uvicorn):\n${errors}`,
          ),
        ),
      () => reject(new Error(`${python} is needed for this test: apt-get install python3-starlette`)),
    );
  });
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    token: switches.TOKEN ?? testToken,
    errors: () => errors,
    close: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
