import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCredentials } from './credentials.ts';
import { startStandIn } from './stand-in.ts';
import { standInEnv } from './stand-in-answers.ts';
import { storeEnv } from './store-env.ts';

/*
 * Runs a command against an image of the server, before stand-ins for everything outside. Pipelines need neither keys nor
 * the internet for it. Ends with the command's exit code, or with 1 when the server does not stop cleanly.
 *
 *   node test/support/rehearse.ts <image> -- <command> [<argument> ...]
 *
 * The server listens on PORT, or 3000. The command finds a client's token in MCP_PROD_TOKEN.
 */

const startTimeoutMs = 30_000;

const [image, separator, command, ...commandArguments] = process.argv.slice(2);
if (image === undefined || separator !== '--' || command === undefined)
  throw new Error('Give an image, "--" and a command.');

const [upstream, credentials] = await Promise.all([startStandIn(), startCredentials()]);
const port = process.env.PORT ?? '3000';
const settings = {
  ...storeEnv,
  ...passedOn(),
  ...credentials.env,
  ...standInEnv(upstream.url),
  PORT: port,
};
const server = startImage(image, settings);
const ended = exitCodeOf(server);

let code = 1;
try {
  await Promise.race([
    ready(`http://127.0.0.1:${port}/readyz`),
    ended.then((exitCode) => {
      throw new Error(`The server ended with ${exitCode} instead of listening.`);
    }),
  ]);
  const token = credentials.token === undefined ? {} : { MCP_PROD_TOKEN: credentials.token };
  const env = { ...process.env, ...token };
  code = await exitCodeOf(spawn(command, commandArguments, { env, stdio: 'inherit' }));
} finally {
  server.kill('SIGTERM');
  const exitCode = await ended;
  if (exitCode !== 0) {
    process.stderr.write(`The server ended with ${exitCode} after SIGTERM.\n`);
    code = 1;
  }
  await Promise.all([upstream.close(), credentials.close()]);
}
process.exitCode = code;

/** Settings of this project that are set here, such as the address of something the pipeline runs. */
function passedOn(): Record<string, string> {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const names = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** In the host's network, where the stand-ins are. `docker run` passes SIGTERM on and ends with the server's exit code. */
function startImage(name: string, env: Record<string, string>): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'env');
  writeFileSync(
    file,
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  const options = ['--rm', '--init', '--network', 'host', '--env-file', file];
  return spawn('docker', ['run', ...options, name], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function exitCodeOf(child: ChildProcess): Promise<number> {
  const [exitCode] = await once(child, 'exit');
  return exitCode ?? 1;
}

async function ready(url: string): Promise<void> {
  const deadline = AbortSignal.timeout(startTimeoutMs);
  for (;;) {
    const response = await fetch(url, { signal: deadline }).catch(() => undefined);
    if (response?.ok) return;
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
