import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = new URL('../src/', import.meta.url).pathname;

/** What each room may import from: itself, the rooms named here, and packages. One direction, no way back. */
const doors: Record<string, readonly string[]> = {
  text: [],
  evidence: ['text'],
  protocol: ['evidence', 'text'],
  checklist: ['protocol', 'evidence', 'text'],
  score: ['checklist', 'protocol', 'evidence', 'text'],
  report: ['score', 'checklist', 'evidence', 'text'],
  collect: ['protocol', 'evidence', 'text'],
  guide: ['report', 'checklist', 'evidence', 'text'],
  config: [],
  lab: ['protocol', 'evidence', 'text'],
  scaffold: ['package-root.ts'],
  cli: [
    'collect',
    'lab',
    'protocol',
    'evidence',
    'text',
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
const pure = ['text', 'protocol', 'evidence', 'checklist', 'score', 'report', 'guide'];
const purePackages = ['zod', 'chalk', 'fast-wrap-ansi', 'sarif'];
const impure =
  /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bfetch\(|\bperformance\.now\b|\bset(Timeout|Interval)\(/;

/** Remedies hold code of others as text, which is not ours to run. */
const withoutQuotedCode = (file: string, text: string): string =>
  file.endsWith('/remedies.ts') ? text.replace(/`(?:\\.|[^`\\])*`/gs, '``') : text;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = withoutQuotedCode(file, readFileSync(join(src, file), 'utf8'));
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(
      ([, name]) => name ?? [],
    );
    const targets = imports
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(src, join(src, posix.dirname(file), name)));
    return { file, text, imports, targets, room: file.split('/')[0] ?? '' };
  });

/** The row whose folder the file is in. */
const rowOf = (file: string) => /^checklist\/rows\/([^/]+)\//.exec(file)?.[1];

/** Files that lead back to themselves by their imports, with the way. */
function cycles(): string[] {
  const targetsOf = new Map(files.map(({ file, targets }) => [file, targets]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]) => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (way.includes(file) || done.has(file)) return;
    for (const target of targetsOf.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const { file } of files) visit(file, []);
  return found;
}

describe('the walls between the rooms', () => {
  it('sees the source', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('has a rule for every room', () => {
    expect([...new Set(files.map(({ room }) => room))].filter((room) => !(room in doors))).toEqual([]);
  });

  it('imports only in the one direction', () => {
    const broken = files.flatMap(({ file, targets, room }) =>
      targets
        .filter((target) => {
          const other = target.split('/')[0] ?? '';
          return other !== room && !doors[room]?.includes(other);
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('keeps each row to its own folder', () => {
    const broken = files.flatMap(({ file, targets, room }) =>
      targets
        .filter((target) => {
          const row = rowOf(target);
          return (
            row !== undefined && row !== rowOf(file) && (rowOf(file) !== undefined || room !== 'checklist')
          );
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('has only the registry import rows, and only as a whole', () => {
    const broken = files
      .filter(({ file }) => rowOf(file) === undefined)
      .flatMap(({ file, targets }) =>
        targets
          .filter((target) => rowOf(target) !== undefined)
          .filter((target) => file !== 'checklist/checklist.ts' || !target.endsWith('/row.ts'))
          .map((target) => `${file} imports ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('has no two files that import each other, on whatever way', () => {
    expect(cycles()).toEqual([]);
  });

  it('loads the schemas of evidence only when saved evidence is read', () => {
    const schemas = new Set(
      files
        .filter(({ file, imports }) => file.startsWith('evidence/') && imports.includes('zod'))
        .map(({ file }) => file),
    );
    expect(schemas.size).toBeGreaterThan(10);
    const loaded = files
      .filter(({ room }) => room !== 'evidence')
      .flatMap(({ file, text }) => {
        const values = text.matchAll(/^(?:import|export) (?!type\b)[^;']*'(\.[^']+)'/gm);
        return [...values].map(([, name = '']) => ({
          file,
          target: relative(src, join(src, posix.dirname(file), name)),
        }));
      })
      .filter(({ target }) => schemas.has(target));
    expect(loaded).toEqual([]);
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
