import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { scaffoldOptions } from '../../src/scaffold/options.ts';
import { isRunning } from '../support/processes.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-init-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Surroundings {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Makes stdin and stderr a terminal. Gets each output on it, and returns what the user types. */
  person?: (screen: string) => string | undefined;
}

async function init(args: readonly string[], given: Surroundings = {}) {
  const output = { stdout: '', stderr: '' };
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  // The real stderr cannot be ended either.
  streams.stderr.end = () => streams.stderr;
  const { person } = given;
  streams.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  streams.stderr.on('data', (chunk) => {
    output.stderr += chunk;
    const typed = person?.(String(chunk));
    if (typed !== undefined) setImmediate(() => streams.stdin.write(typed));
  });
  const terminal = { isTTY: person !== undefined };
  const code = await run(['init', ...args], {
    stdin: Object.assign(streams.stdin, terminal),
    stdout: streams.stdout,
    stderr: Object.assign(streams.stderr, terminal),
    env: given.env ?? process.env,
    cwd: given.cwd ?? root,
    signal: given.signal ?? new AbortController().signal,
  });
  await new Promise(setImmediate);
  return { code, ...output };
}

/** On a busy machine, a program takes seconds to start. */
const patiently = { timeout: 30_000 };

const filesOnly = ['--no-install', '--no-git'];

/** A PATH whose first program (default: npm) is the given shell script. */
async function withProgram(script: string, name = 'npm'): Promise<NodeJS.ProcessEnv> {
  const bin = join(root, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
}

describe('what is written', () => {
  test('the result and the next steps are on stdout, and nothing else is printed', async () => {
    const { code, stdout, stderr } = await init(['my-weather', ...filesOnly]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Created my-weather in my-weather \(\d+ files\)\.\n\nNext steps:\n {2}cd my-weather\n/,
    );
    for (const step of ['npm install', 'OPENWEATHER_API_KEY', 'npm start', 'audit http', 'audit . --lab']) {
      expect(stdout).toContain(step);
    }
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each<[string, string[], string[], string[]]>([
    ['OAuth', ['--auth', 'oauth'], ['OAUTH_ISSUER', 'PUBLIC_URL', 'MCP_PROD_TOKEN'], ['MCP_API_KEY']],
    ['a provider without key', ['--provider', 'open-meteo'], ['MCP_API_KEY'], ['OPENWEATHER', 'edit .env']],
    ['no authentication', ['--auth', 'none'], ['OPENWEATHER_API_KEY'], ['MCP_PROD_TOKEN', 'MCP_API_KEY']],
    ['Redis', ['--store', 'redis'], ['REDIS_URL'], []],
    ['Yarn', ['--package-manager', 'yarn'], ['yarn install', 'yarn start', 'yarn dlx mcp-prod'], ['npm']],
  ])('the next steps fit %s', async (_what, flags, expected, unexpected) => {
    const { code, stdout } = await init(['steps', ...flags, ...filesOnly]);
    expect(code).toBe(0);
    for (const words of expected) expect(stdout).toContain(words);
    for (const words of unexpected) expect(stdout.replaceAll('npm package', '')).not.toContain(words);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('the default directory is weather-mcp-server', async () => {
    expect((await init(filesOnly)).code).toBe(0);
    expect(await readdir(root)).toEqual(['weather-mcp-server']);
  });

  test('"." uses the working directory and its name', async () => {
    const cwd = join(root, 'breeze');
    await mkdir(cwd);
    const { code, stdout } = await init(['.', ...filesOnly], { cwd });
    expect(code).toBe(0);
    expect(stdout).not.toContain('cd ');
    expect(JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')).name).toBe('breeze');
  });

  test('--name and --deploy are followed; a directory with spaces is quoted', async () => {
    const args = ['My Weather', '--name', '@acme/weather', '--deploy', 'none', ...filesOnly];
    const { code, stdout } = await init(args);
    expect(code).toBe(0);
    expect(stdout).toContain("cd 'My Weather'");
    const files = await readdir(join(root, 'My Weather'));
    expect(files).not.toContain('Dockerfile');
    expect(files).not.toContain('compose.yaml');
    expect(JSON.parse(await readFile(join(root, 'My Weather/package.json'), 'utf8')).name).toBe(
      '@acme/weather',
    );
  });

  test('every project gets its own key', async () => {
    await init(['one', ...filesOnly]);
    await init(['two', ...filesOnly]);
    const keys = await Promise.all(['one', 'two'].map((name) => readFile(join(root, name, '.env'), 'utf8')));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('colour is used when it is forced', async () => {
    const { stdout } = await init(['a', ...filesOnly], { env: { ...process.env, FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[1ma\u001b[22m');
  });
});

const everything = [
  ...['--auth', 'oauth', '--store', 'redis', '--provider', 'open-meteo', '--sse', '--observability', 'full'],
  ...['--deploy', 'compose,kubernetes,fly,render,systemd', '--ci', 'gitlab', '--package-manager', 'pnpm'],
];

test.each([
  { flags: [], install: 'npm install' },
  { flags: everything, install: 'pnpm install' },
])(
  '--dry-run lists exactly what would be written, and writes nothing: $flags',
  async ({ flags, install }) => {
    const { code, stdout } = await init(['dry', '--dry-run', ...flags]);
    expect(stdout).toContain(`Then: ${install}\n`);
    expect(code).toBe(0);
    expect(await readdir(root)).toEqual([]);
    expect(stdout).not.toMatch(/[0-9a-f]{64}/);
    const listed = [...stdout.matchAll(/^ {2}(\S+) +\d+ bytes/gm)].map(([, path]) => path);

    await init(['dry', ...flags, ...filesOnly]);
    const entries = await readdir(join(root, 'dry'), { recursive: true, withFileTypes: true });
    const written = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'dry/').length));
    expect(written.sort()).toEqual(listed.sort());
  },
);

describe('a usage error exits with 2 and prints one line and a hint', () => {
  test.each([
    [[''], /directory's name is empty/, /mcp-prod init \./],
    [['x'.repeat(300)], /the name is too long/, /another directory/],
    [['full'], /full is not empty: it contains file\./, /new or an empty directory/],
    [['full/file'], /is a file, not a directory/, /another directory/],
    [['full/file/below'], /is a file, not a directory/, /another directory/],
    [['/proc/mcp-prod-test'], /cannot be created/, /that you can write to/],
    [['My App'], /"My App" is not a valid package name: name can only/, /--name my-app/],
    [['ok', '--name', 'Not-Ok'], /capital letters/, /--name not-ok/],
    [['ok', '--auth=foo'], /--auth does not accept "foo"/, /Allowed values are api-key, oauth, none\./],
    [
      ['ok', '--deploy', 'heroku'],
      /--deploy does not accept "heroku"/,
      /Allowed values are docker, compose, kubernetes, fly, render, systemd, none\./,
    ],
  ])('%j', async (args, message, hint) => {
    await mkdir(join(root, 'full'));
    await writeFile(join(root, 'full/file'), 'precious');
    const { code, stdout, stderr } = await init([...args, ...filesOnly]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^mcp-prod: /);
    expect(lines[0]).toMatch(message);
    expect(lines[1]).toMatch(hint);
    expect(await readdir(root, { recursive: true })).toEqual(['full', 'full/file']);
  });

  test.each(['--colour', '--sse=yes', '--auth'])('%s', async (flag) => {
    const { code, stdout, stderr } = await init(['ok', flag]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(flag.split('=')[0]);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('--help', () => {
  test('fits 80 columns and names every option with its values and its default', async () => {
    const { code, stdout } = await init(['--help']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const words = stdout.replace(/\s+/g, ' ');
    for (const option of scaffoldOptions) {
      expect(words).toContain(`--${option.id} `);
      if (option.kind === 'switch') continue;
      const values = option.choices.map(({ value }) => value).join(', ');
      expect(words).toContain(values);
      expect(words).toContain(`(default: ${option.defaults.join(',')})`);
    }
  });
});

describe('questions', () => {
  /** Takes the default of each. */
  const defaultOptions = Object.fromEntries(scaffoldOptions.map(({ question }) => [question, '\r']));

  test('a person answers them, the progress is on stderr, and the result on stdout', async () => {
    const person = answering({ 'Project directory?': 'my-wind\r', 'Package name?': '\r', ...defaultOptions });
    const { code, stdout } = await init(filesOnly, { person });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Created /);
    expect(await readdir(root)).toEqual(['my-wind']);
  });

  test('each option is asked for once, and the answers are followed', async () => {
    const down = '\x1b[B';
    const screens: string[] = [];
    const questionOf = (wanted: string) => scaffoldOptions.find(({ id }) => id === wanted)?.question ?? '';
    const type = answering({
      'Project directory?': 'chosen\r',
      'Package name?': '\r',
      ...defaultOptions,
      [questionOf('sse')]: 'y\r',
      // Unticks Docker and Compose.
      [questionOf('deploy')]: ` ${down} \r`,
      [questionOf('ci')]: `${down}${down}\r`,
      [questionOf('package-manager')]: `${down}\r`,
    });
    const person = (screen: string) => {
      screens.push(screen);
      return type(screen);
    };
    const { code, stdout } = await init(filesOnly, { person });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}pnpm install .*\n {2}edit \.env .*\n {2}pnpm start /m);
    const files = await readdir(join(root, 'chosen'));
    expect(files).toEqual(expect.arrayContaining(['pnpm-workspace.yaml', 'src']));
    for (const file of ['Dockerfile', 'compose.yaml', 'package-lock.json', '.github'])
      expect(files).not.toContain(file);

    const screen = screens.join('');
    const places = scaffoldOptions.map(({ question }) => screen.indexOf(question));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('an unusable directory is refused before the first question', async () => {
    await writeFile(join(root, 'precious'), '');
    const { code, stderr } = await init(['.'], { person: () => undefined });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mcp-prod: .* is not empty/);
  });

  test('an unusable answer for the directory is asked for again', async () => {
    await mkdir(join(root, 'full'));
    await writeFile(join(root, 'full/precious'), '');
    const person = answering({
      'is not empty': '\x15other\r',
      'Project directory?': 'full\r',
      'Package name?': '\r',
      ...defaultOptions,
    });
    const { code } = await init(filesOnly, { person });
    expect(code).toBe(0);
    expect((await readdir(root)).sort()).toEqual(['full', 'other']);
  });

  test('--yes asks nothing', async () => {
    const { code, stderr } = await init(['--yes', ...filesOnly], { person: () => undefined });
    expect(code).toBe(0);
    expect(stderr).not.toContain('?');
  });

  test('Ctrl-C ends with 130 and writes nothing', async () => {
    const { code, stderr } = await init(filesOnly, { person: answering({ 'Project directory?': '\x03' }) });
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted');
    expect(await readdir(root)).toEqual([]);
  });

  /** Types the answer to a question when it appears on the screen. */
  function answering(answers: Record<string, string>) {
    const open = new Map(Object.entries(answers));
    return (screen: string) => {
      const question = [...open.keys()].find((words) => screen.includes(words));
      const answer = open.get(question ?? '');
      open.delete(question ?? '');
      return answer;
    };
  }
});

describe('dependencies', () => {
  test('a failed installation keeps the project, says why and what to do, and exits with 3', async () => {
    const env = await withProgram(
      'echo "npm error code ENOTFOUND" >&2; echo "npm error network request to https://r.example failed" >&2; exit 1',
    );
    const { code, stdout, stderr } = await init(['offline', '--no-git'], { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /dependencies could not be installed: network request to https:\/\/r\.example failed\./,
    );
    expect(stderr).toContain('Run: cd offline && npm install');
    expect(stdout).toContain('npm install');
    expect(await readdir(join(root, 'offline'))).toContain('package.json');
  });

  test('packages that npm could not unpack count as not installed, even if npm exits with 0', async () => {
    const env = await withProgram(
      'echo "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write" >&2; exit 0',
    );
    const { code, stderr } = await init(['small', '--no-git'], { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/not be installed: packages could not be unpacked \(ENOSPC: no space left/);
  });

  test.each([
    [
      'pnpm',
      'echo "  ├─▶ Failed to resolve"; echo "  ╰─▶ No matching version found for zod@9"',
      'No matching version found for zod@9',
    ],
    [
      'pnpm',
      'echo " ERR_PNPM_FETCH_404  GET https://r.example/zod: Not Found"',
      'GET https://r.example/zod: Not Found',
    ],
    [
      'yarn',
      'echo "➤ YN0085: │ + zod"; echo "➤ YN0082: │ zod@npm:9: No candidates found"; echo "➤ YN0000: · Failed"',
      'zod@npm:9: No candidates found',
    ],
    ['bun', 'echo "bun install v1"; echo "error: zod@9 failed to resolve" >&2', 'zod@9 failed to resolve'],
    ['bun', 'echo oh', 'bun failed without an error message'],
  ])('the error of %s is passed on: %s', async (name, script, reason) => {
    const env = await withProgram(`${script}; exit 1`, name);
    const { code, stderr } = await init(['failed', '--no-git', '--package-manager', name], { env });
    expect(code).toBe(3);
    expect(stderr).toContain(`its dependencies could not be installed: ${reason}.\n`);
    expect(stderr).toContain(`Run: cd failed && ${name} install`);
  });

  test.each(['pnpm', 'yarn', 'bun'])(
    'a machine without %s is told what to run once it is there',
    async (name) => {
      const { code, stdout, stderr } = await init(['here', '--no-git', '--package-manager', name], {
        env: { PATH: join(root, 'nowhere') },
      });
      expect(code).toBe(3);
      expect(stderr).toContain(`${name} was not found`);
      expect(stderr).toContain(`Run: cd here && ${name} install`);
      expect(stdout).toMatch(new RegExp(`^ {2}${name} (run )?start `, 'm'));
    },
  );

  test('a missing npm is reported', async () => {
    const bin = join(root, 'empty');
    await mkdir(bin);
    const { code, stderr } = await init(['here'], { env: { PATH: bin } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/npm was not found/);
    expect(stderr).toMatch(/git was not found/);
    expect(await readdir(join(root, 'here'))).toContain('package.json');
  });

  test('files that npm creates are part of the project', async () => {
    const env = await withProgram('mkdir node_modules && echo "$@" > node_modules/arguments');
    const { code, stdout } = await init(['done', '--no-git'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/^ {2}npm install/m);
    expect(await readFile(join(root, 'done/node_modules/arguments'), 'utf8')).toMatch(
      /^install --include=dev /,
    );
  });

  test('an interrupt ends npm with all its children and leaves no files', async () => {
    const pids = join(root, 'pids');
    // Ignores SIGTERM, as some install scripts do, and has a child process.
    const env = await withProgram(`trap '' TERM; sleep 300 & echo "$! $$" > ${pids}; wait; sleep 300`);
    const stop = new AbortController();
    const running = init(['a/b/stopped'], { env, signal: stop.signal });
    const started = await vi.waitUntil(async () => {
      const text = await readFile(pids, 'utf8').catch(() => '');
      return text.endsWith('\n') ? text.trim().split(' ').map(Number) : undefined;
    }, patiently);
    stop.abort();
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted');
    expect((await readdir(root)).sort()).toEqual(['bin', 'pids']);
    await vi.waitUntil(() => !started.some(isRunning), patiently);
  });
});

describe('the repository', () => {
  const noPrograms = async () => {
    await mkdir(join(root, 'bin'));
    return { PATH: join(root, 'bin') };
  };

  test('is not created without Git, and one line says so', async () => {
    const { code, stdout, stderr } = await init(['here', '--no-install'], { env: await noPrograms() });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'mcp-prod: No Git repository was created: git was not found. Install Git, then run: git init\n',
    });
    expect(stdout).toMatch(/^Created here/);
    expect(await readdir(join(root, 'here'))).toContain('package.json');
  });

  test('has no commit without an identity, and one line says so', async () => {
    const said = join(root, 'said');
    const env = await withProgram(
      `echo "$1" >> ${said}; case $1 in rev-parse) exit 128;; config) exit 1;; esac`,
      'git',
    );
    const { code, stdout, stderr } = await init(['here', '--no-install'], { env: { PATH: env.PATH } });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'mcp-prod: No commit was created: Git does not know your name and email address. Set user.name and user.email, then run: git commit\n',
    });
    expect(stdout).toMatch(/^Created here/);
    expect(await readFile(said, 'utf8')).toBe('rev-parse\ninit\nsymbolic-ref\nadd\nconfig\n');
  });
});
