import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { formatNames } from '../../src/report/formats.ts';
import { auditQuietly } from './audit.ts';
import { fuzz } from './cases.ts';
import { change, changed, hostileName, hostileText, hostileValue, shortText } from './hostile.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mcp-prod-fuzz-files-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface File {
  path: string;
  content: string;
}

/** Lines that each kind of file is made of, `%` for something hostile. */
const lines: Record<string, readonly string[]> = {
  Dockerfile: [
    ...[
      'FROM node:24-slim AS build',
      'FROM build',
      'FROM %',
      'FROM scratch AS %',
      'ARG A=%',
      'ARG A=${A}${A}',
    ],
    ...[
      'ENV B=${A:-%}',
      'USER %',
      'USER ${B}',
      'USER node',
      'COPY --from=% . .',
      'RUN <<EOF',
      'EOF',
      'RUN % && \\',
    ],
    ...[
      'HEALTHCHECK CMD curl -f http://127.0.0.1:3000/% || exit 1',
      'CMD ["node", "%"]',
      'ENTRYPOINT %',
      '# %',
    ],
    ...['# syntax=%', '# escape=`', 'ONBUILD USER %', 'ENV API_KEY=%', 'EXPOSE %', 'STOPSIGNAL %'],
  ],
  'compose.yaml': [
    ...[
      'services:',
      '  web: &web',
      '    image: %',
      '    build: {context: ., dockerfile: %}',
      '    environment:',
    ],
    ...[
      '      API_KEY: "%"',
      '      - A=%',
      '      <<: *web',
      '    restart: %',
      '    user: "%"',
      '  %:',
      '    <<: *web',
    ],
    ...[
      '    extends: {file: compose.yaml, service: web}',
      '    healthcheck: {test: ["CMD", "%"], interval: %}',
    ],
    ...[
      '    deploy: {replicas: %, resources: {limits: {memory: %}}}',
      '    logging: {driver: %}',
      'x-a: &a [*a, *a]',
    ],
    ...['    env_file: %', '    ports: ["%:3000"]', 'include: [%]', '---', '\t- %', '!!js/function "%"'],
  ],
  'deploy/app.yaml': [
    ...[
      'apiVersion: apps/v1',
      'kind: Deployment',
      'kind: List',
      'items:',
      '---',
      'metadata: {name: %}',
      'spec:',
    ],
    ...[
      '  template: {spec: {containers: [{name: a, image: "%"}]}}',
      '  replicas: %',
      '  - *%',
      'kind: Kustomization',
    ],
    ...[
      'resources: [., app.yaml, %]',
      'patches: [{path: app.yaml}]',
      '      livenessProbe: {httpGet: {path: %, port: %}}',
    ],
    ...[
      '      securityContext: {runAsUser: %, runAsNonRoot: true}',
      '{{ .Values.% }}',
      'groups: [{rules: [{alert: %}]}]',
    ],
  ],
  'src/server.ts': [
    ...[
      'import pino from "pino";',
      'import * as x from %;',
      'const key = "%";',
      'const apiKey = process.env.%;',
    ],
    ...[
      'fetch(`https://a/${key}`, { signal: AbortSignal.timeout(%) });',
      'process.on("SIGTERM", () => {%});',
      '}',
    ],
    ...[
      'console.log(%);',
      '/* secretlint-disable */',
      '// %',
      'export default {',
      '`${',
      'app.get("/%", f);',
      '"%',
    ],
  ],
  'server.py': [
    ...[
      'import os, logging',
      'from % import *',
      'KEY = "%"',
      'def f(a=%):',
      '    return httpx.get(%, timeout=%)',
    ],
    ...[
      'class %:',
      'print(%)',
      'os.environ["%"]',
      '"""',
      '    %',
      'signal.signal(signal.SIGTERM, %)',
      'f"{%}"',
      '\\',
    ],
  ],
  'fly.toml': [
    ...[
      'app = "%"',
      '[http_service]',
      'internal_port = %',
      '[[http_service.checks]]',
      'path = "%"',
      '[a.%]',
      '[env]',
    ],
    ...['KEY = "%"', '[[a]]', '[metrics]', 'x = [[[[%]]]]', "y = '''", '"%" = 1'],
  ],
  'app.service': [
    ...[
      '[Service]',
      '[%]',
      'User=%',
      'Restart=%',
      'ExecStart=% \\',
      'Environment=A=%',
      'LimitNOFILE=%',
      '# %',
      '%',
    ],
  ],
  '.env': ['API_KEY=%', '%=1', 'export A="%', '%'],
  '.gitignore': ['.env', '!.env', '%', '/**/%', '[', '\\'],
  Procfile: ['web: node %', '%: %', '%'],
  'package.json.d': ['%'],
};

/** They decide whether anything is read, and not only what is found. */
const instructions: Record<string, unknown> = {
  'mcp-prod.config.json': {
    url: 'http://127.0.0.1:9/mcp',
    health: '/health',
    secrets: ['API_KEY'],
    gate: { minScore: 0, require: [], baseline: 'baseline.json' },
  },
  'baseline.json': { version: 1, failures: [] },
};

const documents: Record<string, unknown> = {
  'package.json': {
    name: 'x',
    scripts: { start: 'node server.js' },
    dependencies: { pino: '^10' },
    bin: 'x.js',
  },
  'ecosystem.config.json': {
    apps: [{ name: 'x', script: 'x.js', autorestart: true, env: { API_KEY: 'x' } }],
  },
  'task-definition.json': {
    containerDefinitions: [{ image: 'x', user: '1', healthCheck: { command: ['x'] } }],
  },
};

const line = (kind: string) =>
  fc
    .record({
      text: fc.constantFrom(...(lines[kind] ?? ['%'])),
      filling: fc.array(hostileText, { maxLength: 3 }),
    })
    .map(({ text, filling }) => text.replaceAll('%', () => filling.pop() ?? 'x'));

const written = fc.constantFrom(...Object.keys(lines)).chain((path) =>
  fc
    .record({ text: fc.array(line(path), { maxLength: 25 }), times: fc.constantFrom(1, 1, 1, 1, 300) })
    .map(({ text, times }) => ({
      path,
      content: `${text.join('\n')}\n`.repeat(times).slice(0, 3_000_000),
    })),
);

const twisted = (originals: Record<string, unknown>) =>
  fc
    .record({
      path: fc.constantFrom(...Object.keys(originals)),
      changes: fc.array(change, { maxLength: 3 }),
    })
    .map(({ path, changes }) => ({ path, content: JSON.stringify(changed(originals[path], changes)) }));

/** What no parser asked for. */
const anything = fc.record({
  path: fc.constantFrom(
    ...Object.keys(lines),
    ...Object.keys(documents),
    'a.yaml',
    'b.toml',
    'c.json',
    'd.tsx',
  ),
  content: fc.oneof(
    hostileText,
    hostileValue.map((value) => JSON.stringify(value) ?? ''),
  ),
});

const files = fc.oneof(
  { weight: 6, arbitrary: written },
  { weight: 3, arbitrary: twisted(documents) },
  { weight: 1, arbitrary: anything },
);

const plain = [
  { path: 'Dockerfile', content: 'FROM node:24-slim\nUSER node\nCMD ["node", "x.js"]\n' },
  { path: 'compose.yaml', content: 'services: {web: {build: ., restart: always}}\n' },
];

/** A link, and where it leads. */
const links = fc.record({
  path: fc.constantFrom(...Object.keys(lines), 'loop', 'src/up'),
  target: fc.oneof(
    fc.constantFrom('.', '..', '/', '/etc/passwd', '/dev/zero', '/proc/self/mem', 'loop'),
    shortText,
  ),
});

it('a directory of whatever content is read within its budget', async () => {
  let index = 0;
  const ends = await fuzz({
    cases: fc.record({
      files: fc.array(files, { maxLength: 8 }).map((list) => [...plain, ...list]),
      instructions: fc.oneof(
        { weight: 9, arbitrary: fc.constant<File[]>([]) },
        fc.array(twisted(instructions), { maxLength: 2 }),
      ),
      links: fc.array(links, { maxLength: 2 }),
      folders: fc.array(hostileName, { maxLength: 2 }),
      format: fc.constantFrom(...formatNames),
    }),
    count: 1_000,
    budgetMs: 2_000,
    check: async (project) => {
      index += 1;
      const root = join(scratch, String(index));
      lay(root, project);
      const end = await auditQuietly([root, '--profile', 'extended', '--budget', '2000'], project.format);
      rmSync(root, { recursive: true, force: true });
      return end;
    },
  });
  expect(ends['exit 0'], JSON.stringify(ends)).toBeGreaterThan(500);
});

interface Project {
  files: File[];
  instructions: File[];
  links: { path: string; target: string }[];
  folders: string[];
}

/** Writes them as far as the file system takes them. */
function lay(root: string, project: Project): void {
  mkdirSync(root);
  const attempt = (write: () => void) => {
    try {
      write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    }
  };
  for (const name of project.folders) {
    attempt(() => mkdirSync(join(root, name.replaceAll('/', '_') || '_')));
  }
  for (const { path, content } of [...project.files, ...project.instructions]) {
    attempt(() => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    });
  }
  for (const { path, target } of project.links) attempt(() => symlinkSync(target, join(root, path)));
}
