import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { dockerfile, finalStage } from './support.ts';

describe('the user of the final stage', () => {
  const known: [string, string, string | undefined][] = [
    ['is undefined without USER', 'FROM node:20', undefined],
    ['is the last USER', 'FROM node:20\nUSER root\nUSER node', 'node'],
    ['keeps its group', 'FROM a\nUSER 1000:1000', '1000:1000'],
    ['is lower-case too', 'from a\nuser app', 'app'],
    ['may be quoted', 'FROM a\nUSER "app"', 'app'],
    ['comes from a default', 'FROM a\nARG U=app\nUSER $U', 'app'],
    ['comes from a global default', 'ARG U=app\nFROM a\nARG U\nUSER ${U}', 'app'],
    ['comes from ENV before ARG', 'FROM a\nARG U=root\nENV U=app\nUSER $U', 'app'],
    ['takes the default of the reference', 'FROM a\nARG U\nUSER ${U:-app}', 'app'],
    ['takes a nested default', 'FROM a\nUSER ${A:-${B:-app}}', 'app'],
    ['takes the alternative of what is set', 'FROM a\nARG U=1\nUSER ${U:+app}', 'app'],
    ['takes nothing for what is unset', 'FROM a\nARG U\nUSER node${U:+x}', 'node'],
    ['is seen from the stage it builds on', 'FROM a AS b\nENV U=app\nFROM b\nUSER $U', 'app'],
    ['is not that of another stage', 'FROM a AS build\nUSER root\nFROM a\nUSER app', 'app'],
    ['is not in ONBUILD', 'FROM a\nUSER app\nONBUILD USER root', 'app'],
    ['is not in a here-document', 'FROM a\nUSER app\nRUN <<EOF\nUSER root\nEOF', 'app'],
    ['is not in a comment', 'FROM a\nUSER app\n# USER root', 'app'],
    ['is not in a continued command', 'FROM a\nUSER app\nRUN echo \\\n  USER root', 'app'],
    ['follows a comment within a command', 'FROM a\nRUN a && \\\n# USER root\n  b\nUSER app', 'app'],
    ['follows another escape', '# escape=`\nFROM a\nRUN dir c:\\\nUSER app', 'app'],
    ['follows a byte order mark', '\uFEFF# syntax=docker/dockerfile:1\nFROM a\nUSER app', 'app'],
    ['spans lines', 'FROM a\nUSER \\\n  app', 'app'],
  ];
  it.each(known)('%s', (_, text, user) => {
    for (const source of [text, text.replaceAll('\n', '\r\n')]) {
      const stage = finalStage(source);
      expect(stage.user?.known === true ? stage.user.value : undefined).toBe(user);
    }
  });

  const unknown: [string, string][] = [
    ['FROM a\nARG U\nUSER $U', 'ARG U has no default'],
    ['ARG U\nFROM a\nARG U\nUSER ${U}', 'ARG U has no default'],
    ['ARG U=app\nFROM a\nUSER $U', 'the file does not set U'],
    ['FROM a\nARG TARGETARCH\nUSER $TARGETARCH', 'the builder sets TARGETARCH'],
    ['FROM a\nARG A\nENV U=$A\nUSER $U', 'ARG A has no default'],
    ['FROM a\nARG U=app\nUSER ${U%p}', 'a pattern changes U'],
  ];
  it.each(unknown)('cannot be known: %j', (text, why) => {
    expect(finalStage(text).user).toMatchObject({ known: false, why });
  });
});

describe('stages', () => {
  it('are resolved to images and to each other', () => {
    const { stages, final, broken } = dockerfile(
      [
        'ARG NODE=20',
        'ARG VARIANT="slim"',
        'FROM --platform=$BUILDPLATFORM node:${NODE}-${VARIANT} AS Base',
        'FROM base AS build',
        'FROM 0',
        'FROM gcr.io/distroless/nodejs20:nonroot@sha256:abc',
      ].join('\n'),
    );
    expect(broken).toBeUndefined();
    expect(final).toBe(3);
    expect(stages.map(({ name, base, baseStage }) => [name, base.known && base.value, baseStage])).toEqual([
      ['Base', 'node:20-slim', undefined],
      ['build', 'base', 0],
      [undefined, '0', 0],
      [undefined, 'gcr.io/distroless/nodejs20:nonroot@sha256:abc', undefined],
    ]);
  });

  it('do not know an image whose ARG has no default', () => {
    expect(dockerfile('ARG IMAGE\nFROM $IMAGE').stages[0]?.base).toEqual({
      known: false,
      text: '$IMAGE',
      why: 'ARG IMAGE has no default',
      at: { file: 'Dockerfile', line: 2 },
    });
  });

  it('do not take a later stage, or the stage itself, for the base', () => {
    const { stages } = dockerfile('FROM b AS b\nFROM c\nFROM a AS c');
    expect(stages.map(({ baseStage }) => baseStage)).toEqual([undefined, undefined, undefined]);
  });

  it('have variables, each with its own line', () => {
    const { variables } = finalStage(
      'FROM a\nENV A=1 \\\n  # why\n  B="two words" \\\n  C=${A}x\nENV OLD a style\nARG D',
    );
    expect(
      variables.map(({ name, value }) => [name, value.known ? value.value : value.why, value.at.line]),
    ).toEqual([
      ['A', '1', 2],
      ['B', 'two words', 4],
      // An instruction does not see what it sets itself.
      ['C', 'the file does not set A', 5],
      ['OLD', 'a style', 6],
      ['D', 'ARG D has no default', 7],
    ]);
  });

  it('have ports, files and commands', () => {
    const stage = finalStage(
      'FROM a\nENV PORT=3000\nEXPOSE $PORT 9090/tcp\nCOPY --from=build --chown=app:app a b /app/\nCOPY ["a b", "/c/"]\nRUN --mount=type=cache,target=/x npm ci \\\n && npm prune',
    );
    expect(stage.exposes.map((port) => port.known && port.value)).toEqual(['3000', '9090/tcp']);
    expect(stage.copies).toMatchObject([
      { from: 'build', sources: ['a', 'b'], destination: '/app/' },
      { sources: ['a b'], destination: '/c/' },
    ]);
    expect(stage.runs).toEqual([{ text: 'npm ci  && npm prune', at: { file: 'Dockerfile', line: 6 } }]);
  });

  it('tell where a COPY ends up, as far as the file knows', () => {
    const into = (text: string) => finalStage(text).copies.map((copy) => copy.into);
    expect(
      into('FROM a\nCOPY . .\nWORKDIR /srv\nCOPY . .\nWORKDIR app/../api\nCOPY a ./b/\nCOPY a /c'),
    ).toEqual([undefined, '/srv', '/srv/api/b', '/c']);
    expect(into('ARG HOME=/h\nFROM a AS one\nARG HOME\nWORKDIR $HOME\nFROM one\nCOPY a $HOME/x y\n')).toEqual(
      ['/h/y'],
    );
    expect(into('FROM a\nARG DIR\nWORKDIR $DIR\nCOPY . .')).toEqual([undefined]);
  });

  it('tell what is mounted from the build context for a RUN', () => {
    const mount = '--mount=type=bind,source=package-lock.json,target=package-lock.json';
    expect(finalStage(`FROM a\nRUN ${mount} --mount=type=cache,target=/x npm ci`).runs).toMatchObject([
      { text: 'npm ci', mounts: [mount] },
    ]);
  });
});

describe('the command', () => {
  const commands: [string, string, string, string[]][] = [
    ['CMD ["node", "a.js"]', 'CMD', 'exec', ['node', 'a.js']],
    ['CMD node "a b.js"', 'CMD', 'shell', ['node', 'a b.js']],
    ["CMD ['node']", 'CMD', 'shell', ['[node]']],
    ['CMD ["a"]\nCMD ["b"]', 'CMD', 'exec', ['b']],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["node"]', 'ENTRYPOINT', 'exec', ['tini', '--', 'node']],
    ['CMD ["node"]\nENTRYPOINT ["tini"]', 'ENTRYPOINT', 'exec', ['tini', 'node']],
    ['ENTRYPOINT npm start\nCMD ["x"]', 'ENTRYPOINT', 'shell', ['npm', 'start']],
  ];
  it.each(commands)('%j', (text, instruction, form, words) => {
    expect(finalStage(`FROM a\n${text}`).command).toMatchObject({ instruction, form, words });
  });
});

describe('broken files', () => {
  const broken: [string, string][] = [
    ['', 'the file has no FROM'],
    ['# nothing', 'the file has no FROM'],
    ['RUN a\nFROM b', 'line 1: RUN precedes the first FROM'],
    ['FROM a\nFOO bar', 'line 2: unknown instruction FOO'],
    ['FROM a\nRUN <<EOF\nUSER root', 'line 2: the here-document EOF has no end'],
    [`FROM a\n${'USER b\n'.repeat(3000)}`, 'line 2001: more than 2000 instructions'],
    ['FROM a\n'.repeat(300), 'line 201: more than 200 stages'],
  ];
  it.each(broken)('%#', (text, message) => {
    expect(dockerfile(text).broken).toBe(message);
  });

  it('have the index -1 without a stage', () => {
    expect(dockerfile('').final).toBe(-1);
  });

  const hostile: [string, string][] = [
    ['nested JSON', `FROM a\nCMD ${'['.repeat(200_000)}`],
    ['nested variables', `FROM a\nUSER ${'${A:-'.repeat(100_000)}`],
    [
      'growing variables',
      `FROM a\n${'ENV A=$A$A$A$A$A$A$A$A\n'.repeat(1000).replace('$A', 'aaaaaaaa')}USER $A`,
    ],
    ['a long continuation', `FROM a\nENV ${'A=1 \\\n'.repeat(100_000)}`],
    ['many here-documents', `FROM a\nRUN ${'<<A '.repeat(20_000)}\n${'b\n'.repeat(20_000)}`],
  ];
  it.each(hostile)('end in bounded time and size: %s', (_, text) => {
    const started = performance.now();
    expect(JSON.stringify(dockerfile(text)).length).toBeLessThan(1_000_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

it('reads a real multi-stage file', async () => {
  const text = await readFile(
    new URL('../../fixtures/projects/multi-stage/Dockerfile', import.meta.url),
    'utf8',
  );
  const { stages, final, broken } = dockerfile(text);
  expect(broken).toBeUndefined();
  expect(stages[final]).toMatchObject({
    base: { value: 'runtime' },
    baseStage: 1,
    healthcheck: { urls: ['http://127.0.0.1:3000/health'], intervalSeconds: 30 },
    command: { words: ['tini', '--', 'node', 'dist/index.js'] },
  });
  expect(stages[1]?.user).toMatchObject({ value: 'node', at: { file: 'Dockerfile', line: 17 } });
});
