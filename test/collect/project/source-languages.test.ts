import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  describesPackage,
  languageOf,
  languages,
} from '../../../src/collect/project/source/languages/languages.ts';

const source = new URL('../../../src/collect/project/source/', import.meta.url);

describe('source languages', () => {
  it('are those that have a folder', () => {
    const folders = readdirSync(new URL('languages/', source), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(folders.map(({ name }) => name).sort()).toEqual(['javascript', 'python']);
    expect(languages.length).toBe(folders.length);
  });

  it('are named nowhere else: what reads facts asks the language', () => {
    const facts = readdirSync(new URL('facts/', source)).map((file) => `facts/${file}`);
    for (const file of [...facts, 'source.ts', 'candidates.ts']) {
      expect(readFileSync(new URL(file, source), 'utf8'), file).not.toMatch(
        /languages\/(?:javascript|python)\//,
      );
    }
  });

  it.each([
    ['src/server.ts', 'package.json'],
    ['src/view.tsx', 'package.json'],
    ['server.mjs', 'package.json'],
    ['server.py', 'pyproject.toml'],
  ])('%s is read by its syntax, as a part of what %s describes', (file, manifest) => {
    expect(languageOf(file)?.manifests).toContain(manifest);
    expect(describesPackage(`packages/weather/${manifest}`)).toBe(true);
  });

  it.each(['types.d.ts', 'types.d.mts', 'bundle.min.js', 'server.go', 'py', 'README.md'])(
    '%s is not read',
    (file) => {
      expect(languageOf(file)).toBeUndefined();
    },
  );
});
