// Shows the whole idea on a fresh machine: generate a weather server, start it, audit it, clean up.
// Needs no API key and no Docker: a stand-in on loopback answers in place of OpenWeatherMap.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startOpenWeatherMap } from '../test/servers/openweathermap.ts';

const mcpProd = fileURLToPath(new URL('../bin/mcp-prod.js', import.meta.url));
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

/** The started server: it can be told to end, and tells when it has. */
type Running = PromiseLike<unknown> & { kill(signal: 'SIGTERM'): boolean };

const say = (text: string) => process.stderr.write(`\n> ${text}\n\n`);

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free on 127.0.0.1.');
  return address.port;
}

/** Waits until the server listens, or says how it ended instead. */
async function untilAlive(url: string, server: Running): Promise<void> {
  let ended = false;
  const end = server.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && !ended) {
    interruption.signal.throwIfAborted();
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await Promise.race([wait(50), end]);
  }
  throw new Error(`The generated server did not start${ended ? ': it ended' : ' within 20 s'}.`);
}

async function demo(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-demo-'));
  const project = join(folder, 'weather');
  const upstream = await startOpenWeatherMap();
  let server: Running | undefined;
  const { signal: cancelSignal } = interruption;
  try {
    say(`mcp-prod init ${project} --yes --no-git`);
    await execa(process.execPath, [mcpProd, 'init', project, '--yes', '--no-git'], {
      stdio: ['ignore', 'inherit', 'inherit'],
      cancelSignal,
    });

    const port = await freePort();
    const token = /^MCP_API_KEY=(.+)$/m.exec(await readFile(join(project, '.env'), 'utf8'))?.[1];
    if (!token) throw new Error('The generated .env holds no MCP_API_KEY.');
    say(`npm run build && node dist/index.js   (upstream: a stand-in for OpenWeatherMap at ${upstream.url})`);
    await execa('npm', ['run', 'build', '--silent'], { cwd: project, stdio: 'inherit', cancelSignal });
    server = execa(process.execPath, ['dist/index.js'], {
      cwd: project,
      env: {
        PORT: String(port),
        OPENWEATHER_API_KEY: 'demo-key-for-the-stand-in',
        WEATHER_BASE_URL: upstream.url,
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      cancelSignal,
      reject: false,
    });
    await untilAlive(`http://127.0.0.1:${port}/livez`, server);

    const url = `http://127.0.0.1:${port}/mcp`;
    say(`MCP_PROD_TOKEN=… mcp-prod audit ${url} --project ${project}`);
    const audit = await execa(process.execPath, [mcpProd, 'audit', url, '--project', project], {
      env: { MCP_PROD_TOKEN: token },
      stdio: ['ignore', 'inherit', 'inherit'],
      cancelSignal,
      reject: false,
    });
    return audit.exitCode ?? 1;
  } finally {
    server?.kill('SIGTERM');
    await server;
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
    say('Stopped the server and removed the folder.');
  }
}

try {
  process.exitCode = await demo();
} catch (error) {
  const message = interruption.signal.aborted ? 'Interrupted.' : (error as Error).message.split('\n')[0];
  process.stderr.write(`demo: ${message}\n`);
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}
