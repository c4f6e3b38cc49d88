import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = new URL('../src/', import.meta.url).pathname;

/** What each room may import from: itself, the rooms named here, and packages. One direction, no way back. */
const doors: Record<string, readonly string[]> = {
  evidence: [],
  checklist: ['evidence'],
  score: ['checklist', 'evidence'],
  report: ['score', 'checklist', 'evidence'],
  collect: ['evidence'],
  guide: ['report', 'checklist', 'evidence'],
  config: [],
  lab: ['evidence', 'collect'],
  scaffold: ['package-root.ts'],
  cli: [
    'collect',
    'lab',
    'evidence',
    'checklist',
    'score',
    'report',
    'guide',
    'config',
    'scaffold',
    'version.ts',
  ],
  'package-root.ts': [],
  'version.ts': ['package-root.ts'],
};

/** The rooms whose results depend on their arguments alone. */
const pure = ['evidence', 'checklist', 'score', 'report', 'guide'];
const purePackages = ['zod', 'chalk', 'fast-wrap-ansi', 'sarif'];
const impure =
  /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bfetch\(|\bperformance\.now\b|\bset(Timeout|Interval)\(/;

/** Remedies hold code of others as text, which is not ours to run. */
const withoutQuotedCode = (file: string, text: string): string =>
  file.startsWith('checklist/remedies/') ? text.replace(/`(?:\\.|[^`\\])*`/gs, '``') : text;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = withoutQuotedCode(file, readFileSync(join(src, file), 'utf8'));
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(
      ([, name]) => name ?? [],
    );
    return { file, text, imports, room: file.split('/')[0] ?? '' };
  });

describe('the walls between the rooms', () => {
  it('sees the source', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('has a rule for every room', () => {
    expect([...new Set(files.map(({ room }) => room))].filter((room) => !(room in doors))).toEqual([]);
  });

  it('imports only in the one direction', () => {
    const broken = files.flatMap(({ file, imports, room }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(src, join(src, posix.dirname(file), name)))
        .filter((target) => {
          const other = target.split('/')[0] ?? '';
          return other !== room && !doors[room]?.includes(other);
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('keeps the network, files, processes, clocks and chance out of the pure rooms', () => {
    const broken = files
      .filter(({ room }) => pure.includes(room))
      .flatMap(({ file, text, imports }) => [
        ...imports
          .filter((name) => !name.startsWith('.') && !purePackages.includes(name))
          .map((name) => `${file} imports ${name}`),
        ...(impure.test(text) ? [`${file} uses ${impure.exec(text)?.[0]}`] : []),
      ]);
    expect(broken).toEqual([]);
  });

  it('prints in the command line only', () => {
    const broken = files
      .filter(({ room, text }) => room !== 'cli' && /\bconsole\.|process\.std(out|err)/.test(text))
      .map(({ file }) => file);
    expect(broken).toEqual([]);
  });

  it('ends the process in one place', () => {
    const broken = files
      .filter(({ file, text }) => file !== 'cli/main.ts' && /process\.exit(Code)?\b/.test(text))
      .map(({ file }) => file);
    expect(broken).toEqual([]);
  });
});
