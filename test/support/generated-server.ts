import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { run } from '../../src/cli/main.ts';
import { gitIdentity } from './git-identity.ts';

/** Values of the command's options, `true` for a switch: `{ auth: 'oauth', sse: true }`. Others take their default. */
export type Select = Readonly<Record<string, string | true>>;

export interface GenerateOptions {
  select?: Select;
  install?: boolean;
  git?: boolean;
}

/**
 * Generates a project with the real command and returns its directory, in a temporary one of its own that goes away with
 * this process.
 */
export async function generateProject(options: GenerateOptions = {}): Promise<string> {
  return generateInto(await temporaryDirectory(), options);
}

const shared = new Map<string, Promise<string>>();

/**
 * A generated project, installed and built. It is made once for each selection and shared by all suites and processes of a
 * test run: do not change its files.
 */
export function sharedProject(select: Select = {}): Promise<string> {
  const key = ['project', ...Object.entries(select).map((entry) => entry.join('='))].sort().join('+');
  const project = shared.get(key) ?? makeShared(key, select);
  shared.set(key, project);
  return project;
}

async function makeShared(key: string, select: Select): Promise<string> {
  const root = process.env.MCP_PROD_TEST_PROJECTS ?? (await mkdtemp(join(tmpdir(), 'mcp-prod-projects-')));
  const directory = join(root, key, 'weather-mcp-server');
  await mkdir(dirname(directory), { recursive: true });
  const unlock = await lock(join(root, `${key}.lock`));
  try {
    if (existsSync(join(directory, 'dist/index.js'))) return directory;
    await generateInto(directory, { select });
    await execa('npm', ['run', '--silent', 'build'], { cwd: directory });
    return directory;
  } finally {
    await unlock();
  }
}

/** Waits until no other process is inside. Returns how to leave. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(path);
      return () => rmdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await delay(100);
    }
  }
}

/** The project's directory in a temporary one of its own, which goes away with those that are shared, else with this process. */
async function temporaryDirectory(): Promise<string> {
  const parent = await mkdtemp(join(process.env.MCP_PROD_TEST_PROJECTS ?? tmpdir(), 'mcp-prod-project-'));
  process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'weather-mcp-server');
}

async function generateInto(directory: string, options: GenerateOptions): Promise<string> {
  const words = ['init', basename(directory), '--yes'];
  for (const [id, value] of Object.entries(options.select ?? {}))
    words.push(`--${id}`, ...(value === true ? [] : [value]));
  if (options.install === false) words.push('--no-install');
  if (options.git === false) words.push('--no-git');
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const code = await run(words, {
    stdin,
    stdout,
    stderr,
    env: { ...process.env, ...gitIdentity },
    cwd: dirname(directory),
    signal: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  if (code !== 0) throw new Error(`init ended with ${code}: ${await text(stdout)}${await text(stderr)}`);
  return directory;
}

export interface GeneratedServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** The MCP endpoint. */
  url: string;
  /** An accepted bearer token. */
  token: string;
  child: ChildProcess;
  /** Lines written to stdout so far. */
  lines: string[];
  /** Resolves once a line with this text has been written. */
  logged: (text: string) => Promise<void>;
  /** Everything written to stderr so far. */
  errors: () => string;
  /** Resolves with the exit code (null: ended by a signal) once the process and its output have ended. */
  exited: Promise<number | null>;
  /** Sends SIGTERM and resolves with the exit code; does nothing the second time. */
  stop: () => Promise<number | null>;
}

/**
 * Starts the built server of a generated project on a free port and waits until it listens. `env` is added to harmless
 * keys; give WEATHER_BASE_URL so that it does not call the real weather service. `command` starts it in another way.
 *
 * @throws Error with the server's output when it exits instead
 */
export async function startGenerated(
  directory: string,
  env: Record<string, string> = {},
  command: readonly [string, ...string[]] = [process.execPath, 'dist/index.js'],
): Promise<GeneratedServer> {
  const settings: Record<string, string> = {
    OPENWEATHER_API_KEY: 'an-upstream-key',
    MCP_API_KEY: 'a-client-key',
    PORT: '0',
    ...env,
  };
  const [program, ...words] = command;
  const child = spawn(program, words, {
    cwd: directory,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const waiting = new Set<{ text: string; resolve: () => void }>();
  const logged = (wanted: string) =>
    new Promise<void>((resolve) => {
      if (lines.some((line) => line.includes(wanted))) resolve();
      else waiting.add({ text: wanted, resolve });
    });
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const found = portIn(line);
      if (found !== undefined) resolve(found);
      for (const waiter of waiting) if (line.includes(waiter.text)) waiter.resolve();
    });
    exited.then((code) => reject(new Error(`the server exited with ${code}: ${lines.join('\n')}${errors}`)));
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    url: `${origin}/mcp`,
    token: settings.MCP_API_KEY?.split(',')[0] ?? '',
    child,
    lines,
    logged,
    errors: () => errors,
    exited,
    stop: () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      return exited;
    },
  };
}

/** The port in the server's line that says it is ready. */
export function portIn(line: string): number | undefined {
  const { message, port } = JSON.parse(line) as { message?: string; port?: number };
  return message === 'ready' ? port : undefined;
}
