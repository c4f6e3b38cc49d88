import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectProject } from '../../../src/collect/project/collect.ts';
import { project } from '../../support/evidence.ts';
import { fakes } from './support.ts';

let outer: string;
let root: string;

beforeEach(async () => {
  outer = await mkdtemp(path.join(tmpdir(), 'mcp-prod-project-'));
  root = path.join(outer, 'project');
  await mkdir(root);
});
afterEach(() => rm(outer, { recursive: true, force: true }));

const collect = (directory = root, signal = new AbortController().signal) =>
  collectProject({ directory: 'here', root: directory, signal });

async function write(files: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
}

describe('a project', () => {
  it('may be empty', async () => {
    expect(await collect()).toEqual({
      evidence: project({ directory: 'here' }),
      notices: [],
    });
  });

  it('may have vanished', async () => {
    const { evidence, notices } = await collect(path.join(root, 'gone'));
    expect(evidence.dockerfiles).toEqual([]);
    expect(notices).toHaveLength(1);
  });

  it('is read from its fixtures', async () => {
    const fixture = fileURLToPath(new URL('../../fixtures/projects/full', import.meta.url));
    const { evidence } = await collect(fixture);
    expect(evidence).toMatchObject({
      dockerfiles: [{ file: 'Dockerfile' }, { file: 'docker/worker.build' }],
      compose: [
        {
          files: ['compose.yaml', 'compose.override.yaml'],
          services: [{ name: 'server' }, { name: 'worker' }],
        },
      ],
      ignores: { gitIgnoresEnv: true, dockerIgnores: [{ file: '.dockerignore', ignoresEnv: true }] },
      envFiles: [],
      literalSecrets: [],
      unread: [{ file: 'deploy/deployment.yaml', kind: 'Kubernetes manifest' }],
    });
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });

  it('has Dockerfiles by every usual name, and those that compose builds', async () => {
    const names = ['Dockerfile', 'Dockerfile.dev', 'api.Dockerfile', 'sub/Containerfile'];
    await write(Object.fromEntries([...names, 'odd/build'].map((name) => [name, 'FROM a'])));
    await write({
      'compose.yaml': 'services:\n  a: {build: {context: odd, dockerfile: build}}\n',
      'Dockerfile.dockerignore': '.env',
      'node_modules/x/Dockerfile': 'FROM a',
    });
    const { evidence } = await collect();
    expect(evidence.dockerfiles.map(({ file }) => file)).toEqual([...names, 'odd/build']);
    expect(evidence.ignores.dockerIgnores).toEqual([{ file: 'Dockerfile.dockerignore', ignoresEnv: true }]);
  });

  it('has the stages that compose makes of a Dockerfile by its arguments', async () => {
    await write({
      Dockerfile:
        'ARG NODE=24-slim\nFROM node:${NODE} AS base\nARG APP_USER\nUSER ${APP_USER}\nFROM base\nARG API_KEY\n',
      'compose.yaml': `services:
  a: {build: {context: ., args: {NODE: 22-alpine, APP_USER: node, API_KEY: Zk3mQ9rTzAbc}}}
  b: {build: {context: ., args: [UNUSED=1]}}
  c: {build: {context: ., args: [NODE]}}
`,
    });
    const [dockerfile] = (await collect()).evidence.dockerfiles;
    expect(dockerfile?.stages[0]).toMatchObject({ base: { value: 'node:24-slim' }, user: { known: false } });
    expect(dockerfile?.builds).toMatchObject([
      {
        args: [
          { name: 'NODE', value: '22-alpine' },
          { name: 'APP_USER', value: 'node' },
        ],
        stages: [{ base: { value: 'node:22-alpine' }, user: { value: 'node' } }, { baseStage: 0 }],
      },
    ]);
  });

  it('tells its environment files and ignore files', async () => {
    await write({ '.env': 'A=1', '.env.local': 'A=', '.env.example': 'A=1', 'sub/.env.production': 'A=1' });
    await write({ '.gitignore': 'node_modules', '.dockerignore': '*\n!.env' });
    const { evidence } = await collect();
    expect(evidence.envFiles).toEqual(['.env', 'sub/.env.production']);
    expect(evidence.ignores).toEqual({
      gitIgnoresEnv: false,
      dockerIgnores: [{ file: '.dockerignore', ignoresEnv: false }],
      belowRepository: false,
    });
  });

  it('tells which environment files hold a secret, as far as names and forms show', async () => {
    await write({
      '.env': `LOG_LEVEL=debug\nexport API_KEY="Zk3mQ9rTz" # ours\n`,
      '.env.form': `X=${fakes.github}`,
      '.env.local': 'PORT=3000\nAPI_KEY=changeme\nDB_PASSWORD=\nTOKEN=demodemo\n',
    });
    const { evidence } = await collect();
    expect(evidence.envFilesWithSecrets).toEqual(['.env', '.env.form']);
    expect(JSON.stringify(evidence)).not.toContain('Zk3mQ9rTz');
  });

  it('has the ignore file of each build context, and every lockfile', async () => {
    await write({
      '.dockerignore': 'node_modules',
      'api/.dockerignore': '**/.env*',
      'api/Dockerfile.dockerignore': '.env',
      'package-lock.json': '{}',
      'api/uv.lock': '',
    });
    const { evidence } = await collect();
    expect(evidence.ignores.dockerIgnores).toEqual([
      { file: '.dockerignore', ignoresEnv: false },
      { file: 'api/.dockerignore', ignoresEnv: true },
      { file: 'api/Dockerfile.dockerignore', ignoresEnv: true },
    ]);
    expect(evidence.lockfiles).toEqual(['package-lock.json', 'api/uv.lock']);
  });

  it.each([
    ['exec gosu node "$@"', 'gosu'],
    ['RUNNER="su-exec app"', 'su-exec'],
    ['if [ "$(id -u)" = 0 ]; then su app -c "$*"; fi', 'su'],
    ['exec setpriv --reuid=1000 "$@"', 'setpriv'],
    ['# exec gosu node "$@"', undefined],
    ['echo "never use sudo here"', undefined],
    ['exec "$@"', undefined],
  ])('reads the script that an image starts with: %s', async (line, program) => {
    await write({
      'docker/Dockerfile':
        'FROM node:24\nENTRYPOINT ["tini", "--", "/usr/local/bin/start.sh"]\nCMD ["node"]\n',
      'docker/start.sh': `#!/bin/sh\n${line}\n`,
      'start.sh': '#!/bin/sh\n',
    });
    const stage = (await collect()).evidence.dockerfiles[0]?.stages[0];
    expect(stage?.startScript).toEqual({
      name: '/usr/local/bin/start.sh',
      file: 'docker/start.sh',
      ...(program ? { changesUser: { program, at: { file: 'docker/start.sh', line: 2 } } } : {}),
    });
  });

  it('says when a start script is not in the project', async () => {
    await write({ Dockerfile: 'FROM node:24\nCMD /entrypoint.sh --now\n' });
    const stage = (await collect()).evidence.dockerfiles[0]?.stages[0];
    expect(stage?.startScript).toEqual({ name: '/entrypoint.sh' });
  });

  it('may be a folder of a repository', async () => {
    await mkdir(path.join(outer, '.git'));
    expect((await collect()).evidence.ignores.belowRepository).toBe(true);
    await mkdir(path.join(root, '.git'));
    expect((await collect()).evidence.ignores.belowRepository).toBe(false);
  });
});

describe('nothing outside of the root is read', () => {
  beforeEach(() => writeFile(path.join(outer, 'outside'), 'FROM outside\nUSER outside\n'));

  it('through a link', async () => {
    await symlink('../outside', path.join(root, 'Dockerfile'));
    await symlink(outer, path.join(root, 'directory'));
    await write({ real: 'FROM inside' });
    await symlink('real', path.join(root, 'Dockerfile.link'));
    const { evidence, notices } = await collect();
    expect(evidence.dockerfiles.map(({ file }) => file)).toEqual(['Dockerfile.link']);
    expect(notices).toEqual(['Links that lead out of the project were not followed: Dockerfile, directory.']);
  });

  it('through a path in a compose file', async () => {
    await write({
      'compose.yaml': `services:
  a: {build: {dockerfile: ../outside}}
  b: {build: {dockerfile: ${outer}/outside}}
  c: {extends: {file: ../outside, service: x}}
`,
    });
    const { evidence, notices } = await collect();
    expect(evidence.dockerfiles).toEqual([]);
    expect(evidence.compose[0]?.broken).toContain('leads out of the project');
    expect(notices).toEqual(['Not read, because the file leads out of the project: ../outside.']);
  });
});

describe('files that cannot be read', () => {
  it('are told, and nothing waits for them', async () => {
    execFileSync('mkfifo', [path.join(root, 'Dockerfile')]);
    await mkdir(path.join(root, 'compose.yaml'));
    await symlink('nowhere', path.join(root, '.gitignore'));
    await symlink('Containerfile', path.join(root, 'Containerfile'));
    const { evidence, notices } = await collect();
    expect(evidence).toMatchObject({ dockerfiles: [], compose: [], ignores: { gitIgnoresEnv: null } });
    expect(notices).toEqual([
      'Links without a target were not read: .gitignore, Containerfile.',
      'Files that are not regular files were not read: Dockerfile.',
    ]);
  });

  it('because they are too large or no text', async () => {
    await write({ Dockerfile: 'FROM a', 'Dockerfile.bin': 'FROM a\0', 'compose.yaml': 'services: {}' });
    await truncate(path.join(root, 'compose.yaml'), 1024 * 1024 + 1);
    const { evidence, notices } = await collect();
    expect(evidence.dockerfiles).toMatchObject([
      { file: 'Dockerfile', final: 0 },
      { file: 'Dockerfile.bin', final: -1, broken: 'the file is not a text file in UTF-8' },
    ]);
    expect(evidence.compose[0]?.broken).toBe('compose.yaml: is larger than 1 MiB');
    expect(notices).toEqual([
      'Not read, because the file is larger than 1 MiB: compose.yaml.',
      'Not read, because the file is not a text file in UTF-8: Dockerfile.bin.',
    ]);
  });

  it('among deployment descriptions, and then they stay unread', async () => {
    await write({
      Procfile: 'web: a\0',
      'fly.toml': '',
      'render.yaml': 'services: [',
      'k8s.yaml': 'kind: Pod',
    });
    await truncate(path.join(root, 'fly.toml'), 1024 * 1024 + 1);
    await writeFile(path.join(outer, 'outside.service'), '[Service]\nExecStart=/a\n');
    await symlink('../outside.service', path.join(root, 'a.service'));
    const { evidence, notices } = await collect();
    expect(evidence.workloads).toEqual([]);
    expect(evidence.unread.map(({ file }) => file)).toEqual(['Procfile', 'fly.toml', 'render.yaml']);
    expect(notices).toEqual([
      'Links that lead out of the project were not followed: a.service.',
      expect.stringMatching(/^render\.yaml was not read: line 1: /),
      'Not read, because the file is not a text file in UTF-8: Procfile.',
      'Not read, because the file is larger than 1 MiB: fly.toml.',
    ]);
  });

  it('because they are too deep or too many', async () => {
    await write({ 'a/b/c/d/e/f/Dockerfile': 'FROM a', 'a/b/c/d/e/f/g/Dockerfile': 'FROM b' });
    const { evidence, notices } = await collect();
    expect(evidence.dockerfiles.map(({ file }) => file)).toEqual(['a/b/c/d/e/f/Dockerfile']);
    expect(notices).toEqual([
      'The project is large. Only 6 levels of directories and 20000 entries were read.',
    ]);
  });

  it('because there are more than 20,000', async () => {
    await mkdir(path.join(root, 'a'));
    for (let count = 0; count < 20_100; count += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, n) => writeFile(path.join(root, 'a', `${count + n}`), '')),
      );
    }
    await write({ Dockerfile: 'FROM a', 'b/Dockerfile': 'FROM a' });
    const { evidence, notices } = await collect();
    expect(evidence.dockerfiles.map(({ file }) => file)).toEqual(['Dockerfile']);
    expect(notices).toHaveLength(1);
  });

  it('because the time is up', async () => {
    await write({ Dockerfile: 'FROM a' });
    const { evidence, notices } = await collect(root, AbortSignal.abort());
    expect(evidence.dockerfiles).toEqual([]);
    expect(notices).toEqual([
      'The time limit ended the reading of the project. Raise it with --budget <ms>.',
    ]);
  });

  it('with names that could move the cursor', async () => {
    await write({ 'Dockerfile.\u001b[2J\nx': '\0' });
    const { notices } = await collect();
    expect(notices.join('')).not.toMatch(/\p{Cc}/u);
  });
});

it('no value of a secret is in the evidence', async () => {
  const values = [...Object.values(fakes), 'Zk3mQ9rTzAbc', 'hunter2-hunter2'];
  await write({
    Dockerfile: [
      'FROM node:20',
      `ENV API_KEY=Zk3mQ9rTzAbc AWS_ID=${fakes.aws}`,
      'ARG OTHER=$API_KEY',
      'ENV SHOWN=${OTHER} URL=http://localhost/$API_KEY',
      'LABEL a=Zk3mQ9rTzAbc',
      'USER ${API_KEY}',
      `RUN curl -H "X: Zk3mQ9rTzAbc" https://${fakes.slack}@a && echo ${fakes.jwt}`,
      'COPY Zk3mQ9rTzAbc /app/',
      'HEALTHCHECK CMD curl "http://localhost/health?x=$API_KEY"',
      `CMD ["node", "Zk3mQ9rTzAbc", "${fakes.github}"]`,
    ].join('\n'),
    'compose.yaml': `services:
  app:
    image: registry/app:Zk3mQ9rTzAbc
    environment:
      DB_PASSWORD: hunter2-hunter2
      SHOWN: \${X:-Zk3mQ9rTzAbc}
      UNKNOWN: "\${X}hunter2-hunter2"
      OPENAI: ${fakes.openai}
      PEM: ${JSON.stringify(fakes.privateKey)}
    healthcheck: {test: "curl -H 'K: hunter2-hunter2' http://localhost/health"}
    logging: {driver: splunk, options: {splunk-token: Zk3mQ9rTzAbc, tag: hunter2-hunter2}}
    profiles: [hunter2-hunter2]
`,
    '.env': 'API_KEY=Zk3mQ9rTzAbc\n',
  });
  const { evidence, notices } = await collect();
  const text = JSON.stringify({ evidence, notices });
  for (const value of values) expect(text).not.toContain(value.trim().split('\n')[0]);
  expect(text).not.toContain('MIIEvQIBADANBgkqhkiG9w0B');
  expect(evidence.literalSecrets.length).toBeGreaterThan(6);
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
});

it('a password that is a common word is masked where it is given, and nowhere else', async () => {
  await write({
    'compose.yaml': 'services:\n  app:\n    image: nextcloud:31\n    environment: {DB_PASSWORD: nextcloud}\n',
  });
  const { evidence } = await collect();
  expect(evidence.compose[0]?.services[0]).toMatchObject({
    image: 'nextcloud:31',
    environment: [{ name: 'DB_PASSWORD', value: { value: '[masked]' } }],
  });
  expect(evidence.literalSecrets).toHaveLength(1);
});
