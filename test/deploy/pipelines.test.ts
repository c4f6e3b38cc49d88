import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Choices, change, generate, run, slug, temporaryFolder, toolVersion } from './support.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workflowFile = '.github/workflows/ci.yml';
const gitlabFile = '.gitlab-ci.yml';

interface Step {
  name: string;
  uses?: string;
  run?: string;
}

interface Job {
  'timeout-minutes': number;
  env?: Record<string, string>;
  steps: Step[];
}

const text = (project: string, file: string) => readFile(join(project, file), 'utf8');

async function jobOf(project: string): Promise<Job> {
  return parse(await text(project, workflowFile)).jobs.check;
}

/** What GitHub's own parser of workflows has against a file; empty when it has nothing. */
async function workflowProblems(content: string): Promise<string> {
  const words = ['--import', 'tsx', join(root, 'test/deploy/workflow-problems.ts')];
  const { stdout } = await execa(process.execPath, words, { cwd: root, input: content });
  return stdout;
}

const all: Choices[] = [
  {},
  { deploy: 'none', 'package-manager': 'pnpm' },
  { auth: 'oauth', store: 'redis', provider: 'open-meteo', sse: 'on', observability: 'full' },
  { auth: 'none', deploy: 'systemd', 'package-manager': 'yarn' },
  { 'package-manager': 'bun' },
];

describe('the workflow for GitHub', () => {
  test.each(all)("%j: GitHub's parser accepts it", async (choices) => {
    expect(await workflowProblems(await text(await generate(choices), workflowFile))).toBe('');
  });

  test.each([
    ['an unknown key', 'timeout-minutes: 20', 'timeout-minuts: 20'],
    ['an unknown context', 'github.ref }}', 'gitbuh.ref }}'],
    ['a permission that does not exist', 'contents: read', 'contens: read'],
    ['a wrong type', 'timeout-minutes: 20', 'timeout-minutes: long'],
  ])('%s is noticed', async (_what, from, to) => {
    const project = await generate({});
    await change(project, workflowFile, from, to);
    expect(await workflowProblems(await text(project, workflowFile))).not.toBe('');
  });

  test('may only read, ends in time, and runs code that cannot be changed under it', async () => {
    const workflow = parse(await text(await generate({}), workflowFile));
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.concurrency).toHaveProperty('group');
    expect(workflow.jobs.check['timeout-minutes']).toBeLessThanOrEqual(30);
    const { steps } = workflow.jobs.check as Job;
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions).toHaveLength(2);
    for (const action of actions) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    expect(await text(await generate({}), workflowFile)).not.toMatch(/secrets\./);
  });

  test.each<[Choices, number]>([
    [{}, 100],
    [{ store: 'redis', deploy: 'kubernetes', observability: 'none' }, 100],
    [{ observability: 'full' }, 100],
    [{ auth: 'none' }, 96],
    [{ observability: 'full', deploy: 'fly' }, 98],
    [{ deploy: 'docker' }, 93],
    [{ deploy: 'none' }, 86],
  ])('%j: audits the project in the lab, and fails below %i', async (choices, score) => {
    const project = await generate(choices);
    const audits = (await jobOf(project)).steps.filter(({ name }) => name === 'Audit');
    const lab = 'audit . --lab --profile extended';
    const command = `npx mcp-prod@${toolVersion} ${lab} --min-score ${score} --budget 600000`;
    expect(audits.map(({ run }) => run)).toEqual([command]);
    expect(await text(project, 'README.md')).toContain(`the score is below ${score}.`);
  });

  test('installs the Redis that the lab starts, before the lab', async () => {
    const { steps } = await jobOf(await generate({ store: 'redis' }));
    const names = steps.map(({ name }) => name);
    expect(names.slice(-5)).toEqual([
      'Build',
      'Install Redis for the lab',
      'Audit',
      'Build the image',
      'Audit the image',
    ]);
  });

  test('builds an image only where there is a Dockerfile, and starts Redis only where it is used', async () => {
    const names = async (choices: Choices) =>
      (await jobOf(await generate(choices))).steps.map(({ name }) => name);
    expect(await names({})).toContain('Audit the image');
    expect((await names({ deploy: 'systemd' })).join()).not.toContain('image');
    expect(await jobOf(await generate({}))).not.toHaveProperty('services');
    expect(await jobOf(await generate({ store: 'redis' }))).toMatchObject({
      env: { REDIS_URL: 'redis://127.0.0.1:6379' },
      services: { redis: { image: expect.stringMatching(/^redis:\d+\.\d+\.\d+[^@]*@sha256:[0-9a-f]{64}$/) } },
    });
  });
});

describe('Dependabot', () => {
  /** The part of https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference used. */
  const update = {
    'package-ecosystem': expect.stringMatching(/^(github-actions|npm|bun|docker|docker-compose)$/),
    directory: '/',
    schedule: { interval: expect.stringMatching(/^(weekly|monthly)$/) },
  };
  const grouped = { 'minor-and-patch': { 'update-types': ['minor', 'patch'] } };
  const packages = { ...update, cooldown: { 'default-days': 7 }, groups: grouped };

  test.each<[Choices, string[]]>([
    [{}, ['github-actions', 'npm', 'docker']],
    [{ deploy: 'none' }, ['github-actions', 'npm']],
    [{ deploy: 'systemd', 'package-manager': 'bun' }, ['github-actions', 'bun']],
    [{ deploy: 'kubernetes', 'package-manager': 'pnpm' }, ['github-actions', 'npm', 'docker']],
    [{ store: 'redis', 'package-manager': 'yarn' }, ['github-actions', 'npm', 'docker', 'docker-compose']],
    [{ observability: 'full' }, ['github-actions', 'npm', 'docker', 'docker-compose']],
    [{ store: 'redis', observability: 'full' }, ['github-actions', 'npm', 'docker', 'docker-compose']],
    [{ store: 'redis', deploy: 'fly' }, ['github-actions', 'npm', 'docker']],
  ])('%j: moves on what is pinned, and looks for nothing else', async (choices, ecosystems) => {
    const project = await generate(choices);
    const { version, updates } = parse(await text(project, '.github/dependabot.yml'));
    expect(version).toBe(2);
    const [actions, installed, ...images] = updates;
    expect([actions, installed]).toEqual([update, packages]);
    expect(images).toEqual(images.map(() => update));
    expect(updates.map((one: Record<string, unknown>) => one['package-ecosystem'])).toEqual(ecosystems);
    const reads = { docker: 'Dockerfile', 'docker-compose': 'compose.yaml' } as const;
    for (const [ecosystem, file] of Object.entries(reads)) {
      if (ecosystems.includes(ecosystem)) expect(await text(project, file)).toContain('@sha256:');
    }
  });

  test('is for GitHub only', async () => {
    await expect(text(await generate({ ci: 'gitlab' }), '.github/dependabot.yml')).rejects.toThrow('ENOENT');
  });
});

describe('the pipeline for GitLab', () => {
  const lister = join(root, 'node_modules/gitlab-ci-local/dist/index.js');

  /** Reads a pipeline as gitlab-ci-local does: against GitLab's schema, and resolved. */
  async function check(project: string) {
    const git = (...words: string[]) => execa('git', words, { cwd: project });
    await git('init', '--quiet', '--initial-branch=main');
    await git('remote', 'add', 'origin', 'git@gitlab.example.com:acme/weather.git');
    await git('add', '--all');
    const author = [
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    await git(...author, 'commit', '--quiet', '--message', 'all');
    return run(process.execPath, [lister, '--list-csv', '--no-color'], { cwd: project });
  }

  test.each(all)("%j: it fits GitLab's schema", async (choices) => {
    const { exitCode, output } = await check(await generate({ ci: 'gitlab', ...choices }));
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/^check;/m);
    expect(/^build-image;/m.test(output)).toBe(!['none', 'systemd'].includes(choices.deploy ?? ''));
  });

  test.each([
    ['an unknown key', '  interruptible: true', '  interuptible: true'],
    ['a stage that does not exist', '  stage: check', '  stage: chekc'],
    ['a job without commands', '  script:', '  skript:'],
  ])('%s is noticed', async (_what, from, to) => {
    const project = await generate({ ci: 'gitlab' });
    await change(project, gitlabFile, from, to);
    expect((await check(project)).exitCode).not.toBe(0);
  });

  test.each(all)('%j: runs the same commands as the workflow for GitHub', async (choices) => {
    const { check } = parse(await text(await generate({ ci: 'gitlab', ...choices }), gitlabFile));
    const { steps } = await jobOf(await generate({ ci: 'github', ...choices }));
    const commands = steps.flatMap(({ name, run }) =>
      run === undefined || name.includes('image') ? [] : [run],
    );
    // There the job runs as root.
    expect(check.script).toEqual(commands.map((command) => command.replaceAll('sudo ', '')));
  });
});

test.each<[Choices, string[]]>([
  [{ ci: 'none' }, [workflowFile, gitlabFile, 'test/support/rehearse.ts']],
  [{ ci: 'gitlab' }, [workflowFile, 'test/support/rehearse.ts']],
  [{ deploy: 'systemd' }, [gitlabFile, 'test/support/rehearse.ts']],
])('%j: has nothing that only other pipelines use', async (choices, files) => {
  const project = await generate(choices);
  for (const file of files) await expect(text(project, file)).rejects.toThrow('ENOENT');
});

describe('the commands of the workflow', () => {
  let node24: string;
  beforeAll(async () => {
    node24 = await binariesOfNode24();
  });

  /** Runs steps as a runner does, in order. `npx` finds this tool, and `docker` stands for one that has built the image. */
  async function runSteps(project: string, steps: readonly Step[]) {
    const port = String(await freePort());
    const PATH = [await standIns(), node24, process.env.PATH].join(delimiter);
    const env = { PATH, CI: 'true', PORT: port, npm_config_prefer_offline: 'true', NODE_ENV: undefined };
    const done: string[] = [];
    for (const { name, run: command } of steps) {
      if (command === undefined) continue;
      const words = [
        '--noprofile',
        '--norc',
        '-eo',
        'pipefail',
        '-c',
        command.replace('127.0.0.1:3000', `127.0.0.1:${port}`),
      ];
      const { exitCode, output } = await run('bash', words, { cwd: project, env });
      if (exitCode !== 0) return { done, failed: name, output };
      done.push(name);
    }
    return { done, failed: undefined, output: '' };
  }

  test('succeed on a new project, without a secret, and fail on a server that is not ready', {
    timeout: 600_000,
  }, async () => {
    const project = await generate({});
    const { steps } = await jobOf(project);
    const result = await runSteps(project, steps);
    expect(result).toEqual({
      done: [
        'Install',
        'Lint',
        'Check types',
        'Test',
        'Build',
        'Audit',
        'Build the image',
        'Audit the image',
      ],
      failed: undefined,
      output: '',
    });

    await change(project, 'src/http/health.ts', "app.get('/health',", "app.get('/moved',");
    const gate = steps.filter(({ name }) => name === 'Build' || name === 'Audit');
    const worse = await runSteps(project, gate);
    expect(worse).toMatchObject({ done: ['Build'], failed: 'Audit' });
    expect(worse.output).toMatch(/health/i);
  });

  test.each<Choices>([
    { auth: 'oauth', store: 'redis', provider: 'open-meteo', sse: 'on', observability: 'full' },
    { auth: 'none', observability: 'none', deploy: 'systemd' },
  ])('%j: build and audit', { timeout: 600_000 }, async (choices) => {
    const project = await generate(choices);
    const { steps } = await jobOf(project);
    const some = steps.filter(({ name }) => ['Install', 'Build', 'Audit'].includes(name));
    expect(await runSteps(project, some)).toEqual({
      done: ['Install', 'Build', 'Audit'],
      failed: undefined,
      output: '',
    });
  });
});

/** A folder with programs that stand for what a pipeline has from elsewhere. */
async function standIns(): Promise<string> {
  const folder = join(await temporaryFolder(), 'bin');
  await mkdir(folder);
  const main = pathToFileURL(join(root, 'src/cli/main.ts')).href;
  await writeFile(
    join(folder, 'npx'),
    `#!/usr/bin/env node
import(${JSON.stringify(main)}).then(async ({ main }) => {
  const [tool, ...words] = process.argv.slice(2);
  if (tool !== 'mcp-prod@${toolVersion}') throw new Error('unexpected: ' + process.argv);
  process.exitCode = await main(words);
});
`,
  );
  await writeFile(
    join(folder, 'docker'),
    `#!/bin/sh
set -eu
if [ "$1" = build ]; then [ "$2 $3 $4" = "--tag ${slug} ." ]; exit; fi
[ "$1 $2 $3 $4 $5 $6 $8" = "run --rm --init --network host --env-file ${slug}" ]
exec env -i "PATH=$PATH" $(cat "$7") node dist/index.js
`,
  );
  for (const program of ['npx', 'docker']) await chmod(join(folder, program), 0o755);
  return folder;
}

/** Where the node of the pipelines is: this one, or one from npm when this one is older. */
async function binariesOfNode24(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 24) return dirname(process.execPath);
  const folder = await temporaryFolder();
  await execa('npm', ['install', '--silent', '--prefix', folder, 'node@24']);
  return join(folder, 'node_modules/node/bin');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
