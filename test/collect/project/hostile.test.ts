import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collectProject } from '../../../src/collect/project/collect.ts';

// What files that are made to keep an audit busy may take: no test here measures time, which depends on the machine's load.

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mcp-prod-hostile-project-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Files = Record<string, string>;

async function write(files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
}

const collect = (signal = new AbortController().signal) =>
  collectProject({ directory: 'here', root, signal });

/** Nearly as much text as is read of one file. */
const limit = 1024 * 1024 - 1_000;

function lines(line: (index: number) => string, characters = limit): string {
  const all: string[] = [];
  for (let size = 0; size < characters; size += (all.at(-1)?.length ?? 0) + 1) all.push(line(all.length));
  return all.slice(0, -1).join('\n');
}

const several = (count: number, make: (index: number) => [string, string]): Files =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => make(index)));

const services = (count: number, service: (index: number) => string) =>
  `services:\n${Array.from({ length: count }, (_, index) => `  s${index}: ${service(index)}`).join('\n')}`;

const sharedEnvironment = `x-env: &env\n${Array.from({ length: 490 }, (_, index) => `  V${index}: "${'x'.repeat(300)}"`).join('\n')}\n`;

const extendsAnother = (file: number) => (index: number) =>
  `{extends: {file: compose.${file + 1}.yaml, service: s${index}}, environment: [${Array.from({ length: 20 }, (_, k) => `V${file}_${k}=1`).join(', ')}]}`;

const projects: Record<string, () => Files> = {
  'addresses with passwords': () =>
    several(2, (n) => [`a${n}.yaml`, lines((index) => `- https://ab:Pw${index}x@a.bc`)]),
  'an environment that compose services share': () =>
    several(3, (n) => [
      `a${n}/compose.yaml`,
      sharedEnvironment + services(199, () => '{image: a, environment: *env}'),
    ]),
  'an environment that compose services merge': () =>
    several(3, (n) => [
      `a${n}/compose.yaml`,
      sharedEnvironment + services(199, () => '{image: a, environment: {<<: *env, A: b}}'),
    ]),
  'compose services that extend others over many files': () => ({
    ...several(40, (n) => [`compose.${n}.yaml`, services(199, extendsAnother(n))]),
    'compose.40.yaml': services(199, () => '{image: a}'),
  }),
  'defaults in defaults': () => ({
    'compose.yaml': services(
      199,
      () => `{image: a, environment: [${`"V=${'${A:-'.repeat(200)}x${'}'.repeat(200)}"`}]}`,
    ),
  }),
  'build arguments that double': () => ({
    Dockerfile: `FROM a\nARG A0=aaaaaaaaaa\n${Array.from({ length: 1_500 }, (_, n) => `ARG A${n + 1}=\${A${n}}\${A${n}}`).join('\n')}`,
  }),
  'a Dockerfile of 10,000 stages': () => ({
    Dockerfile: `FROM a AS s0\n${Array.from({ length: 10_000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n')}`,
  }),
  'a Dockerfile with a line of a megabyte': () => ({ Dockerfile: `FROM a\nRUN ${'a=b '.repeat(limit / 4)}` }),
  'a Dockerfile with keys in a here-document': () => ({
    Dockerfile: `FROM a\nRUN <<E\n${lines(() => 'curl --api-key=Zk3mQ9rTzAbc', 120_000)}\nE\n`,
  }),
  'kustomizations that take another one eight times each': () => ({
    'top/kustomization.yaml': 'resources: [../k0]',
    ...several(9, (n) => [
      `k${n}/kustomization.yaml`,
      `resources:\n${n === 8 ? '- ../pod.yaml' : `- ../k${n + 1}\n`.repeat(8)}`,
    ]),
    'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n',
  }),
  'kustomizations in a circle': () => ({
    'a/kustomization.yaml': 'resources: [../b, ../b]',
    'b/kustomization.yaml': 'resources: [../a, ../a]',
    'c/kustomization.yaml': 'resources: [../a]',
  }),
  '100,000 Kubernetes documents': () => ({
    'k.yaml': `apiVersion: v1\nkind: Pod\n${'---\na: b\n'.repeat(100_000)}`,
  }),
  'a TOML file of 40,000 tables': () => ({ 'fly.toml': lines((index) => `[a.b${index}]\nx = 1`) }),
  '100,000 patterns in ignore files': () => ({
    '.gitignore': lines((index) => `p${index}/**/*a*b`),
    '.dockerignore': lines((index) => `**/a*b*${index}`),
  }),
  'a systemd unit with a line of a megabyte': () => ({
    'a.service': `[Service]\nExecStart=${'a b="c" '.repeat(limit / 8)}\n`,
  }),
  'JSON without an end': () => ({
    'package.json': '['.repeat(limit),
    'ecs.json': `{"containerDefinitions": [${'['.repeat(limit)}`,
  }),
  'variables that are given each other': () =>
    several(4, (n) => [
      `a${n}.ts`,
      `mcp;${lines(() => 'a = b; b = a; c(function(){ a = b; return a() });', 250_000)}`,
    ]),
  'keys in every line of the source': () =>
    several(8, (n) => [
      `a${n}.ts`,
      `mcp;${lines((index) => `const apiKey${index} = "Zk3mQ9rTz${index}";`, 250_000)}`,
    ]),
  'secrets that many files repeat': () =>
    several(20, (n) => [
      `d${n}/Dockerfile`,
      `FROM a\n${Array.from({ length: 190 }, (_, k) => `ENV API_KEY_${k}=Zk3mQ9rTz${n}q${k}Abc`).join('\n')}\n${lines((k) => `RUN ${'abc def '.repeat(8)}${k}`, 110_000)}`,
    ]),
};

/** Milliseconds of this process's own work between two turns of the event loop, at most. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  const worked = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let last = worked();
  let done = false;
  const look = () => {
    const now = worked();
    longest = Math.max(longest, now - last);
    last = now;
    if (!done) setImmediate(look);
  };
  setImmediate(look);
  await work();
  done = true;
  look();
  return longest;
}

describe('others have their turn, and what is recorded has a bound', () => {
  // Modules that load within a test are no work of its own.
  beforeAll(async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'mcp-prod-warm-'));
    await writeFile(path.join(empty, 'a.ts'), 'mcp');
    await collectProject({ directory: '', root: empty, signal: new AbortController().signal });
    await rm(empty, { recursive: true });
  });

  it.each(Object.entries(projects))('%s', async (_, files) => {
    await write(files());
    let seen: unknown;
    const longest = await longestTurn(async () => {
      seen = await collect();
    });
    expect(longest).toBeLessThan(1_000);
    expect(JSON.stringify(seen).length).toBeLessThan(10 * 1024 * 1024);
  });
});

describe('an abort', () => {
  it('ends the work on a file that takes long, and names what was not read', async () => {
    await write({ ...projects['an environment that compose services share']?.(), '.gitignore': '.env' });
    const time = new AbortController();
    let turns = 0;
    const wait = () => (++turns === 5 ? time.abort() : setImmediate(wait));
    setImmediate(wait);
    const { evidence, notices } = await collect(time.signal);
    expect(evidence.unfinished).toEqual(
      ['deployment', 'observability', 'secrets', 'source'].map((part) => ({ part, because: 'time' })),
    );
    expect(evidence.ignores.gitIgnoresEnv).toBeNull();
    expect(notices.at(-1)).toMatch(/^The time limit ended the reading of the project\./);
  });

  it('keeps what was read by then', async () => {
    await write({
      'compose.yaml': services(1, () => '{image: a}'),
      'deploy/compose.yaml': sharedEnvironment + services(199, () => '{image: a, environment: *env}'),
    });
    const time = new AbortController();
    // The larger one is parsed in hundreds of steps.
    const wait = () => (process.cpuUsage(before).user > 20_000 ? time.abort() : setImmediate(wait));
    const before = process.cpuUsage();
    setImmediate(wait);
    const { evidence } = await collect(time.signal);
    expect(evidence.unfinished?.[0]).toEqual({ part: 'deployment', because: 'time' });
    for (const { files } of evidence.compose) expect(files).toEqual(['compose.yaml']);
  });
});

it('says where a project declares more than is recorded', async () => {
  await write(projects['an environment that compose services share']?.() ?? {});
  const { evidence, notices } = await collect();
  expect(evidence.unfinished).toEqual([{ part: 'deployment', because: 'size' }]);
  expect(notices).toContain(
    'The compose files exceed the limit of the evidence. Compose files after a0/compose.yaml were not read.',
  );
  expect(evidence.compose[0]?.broken).toBe('the declared values exceed the limit of the evidence');
});

it('says what was left out of a project with too much text', async () => {
  await write(several(26, (n) => [`a${n}.go`, lines(() => '.'.repeat(10_000))]));
  const { evidence } = await collect();
  expect(evidence.unfinished).toEqual([
    { part: 'secrets', because: 'size' },
    { part: 'source', because: 'size' },
  ]);
});
