import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { joinParts } from '../../src/scaffold/parts.ts';

/** The file `name`, joined from parts in this order, with these names. */
function made(name: string, parts: Record<string, string>): string {
  return joinParts(new Map(Object.entries(parts))).get(name) ?? '';
}

describe('parts of a text', () => {
  test('are joined in the order of their names, with a blank line between', () => {
    const parts = { 'README.md.d/20-b.md': '## B\n\n\n', 'README.md.d/10-a.md': '# A\n', 'other.md': 'x' };
    expect(made('README.md', parts)).toBe('# A\n\n## B\n\n\n');
    expect([...joinParts(new Map(Object.entries(parts))).keys()]).toEqual(['README.md', 'other.md']);
  });

  test('come after the file of that name', () => {
    expect(made('.env', { '.env.d/10-a': 'A=1\n', '.env': 'B=1\n' })).toBe('B=1\n\nA=1\n');
  });
});

describe('parts of a JSON file', () => {
  test('are merged by key: objects are merged, arrays joined without duplicates, other values replaced', () => {
    const text = made('a.json', {
      'a.json.d/10-a.json': '{"list":["x","y"],"deep":{"a":1,"b":{"c":[{"d":1}]}},"kind":"old"}',
      'a.json.d/20-b.json':
        '{"list":["y","z"],"deep":{"b":{"c":[{"d":1},{"d":2}]}},"kind":["new"],"none":null}',
    });
    expect(JSON.parse(text)).toEqual({
      list: ['x', 'y', 'z'],
      deep: { a: 1, b: { c: [{ d: 1 }, { d: 2 }] } },
      kind: ['new'],
      none: null,
    });
    expect(text).toMatch(/^ {2}"list": \["x", "y", "z"\],$/m);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('long arrays get one line for each item', () => {
    const words = Array.from({ length: 20 }, (_, index) => `a-long-word-${index}`);
    const text = made('a.json', { 'a.json': '{}', 'a.json.d/b.json': JSON.stringify({ words }) });
    expect(text.split('\n')[2]).toBe('    "a-long-word-0",');
  });

  test('the dependencies and scripts of package.json are sorted as npm sorts them', () => {
    const text = made('package.json', {
      'package.json.d/10-a.json': '{"name":"x","dependencies":{"zod":"1","ts-x":"1","@a/b":"1"}}',
      'package.json.d/20-b.json':
        '{"files":["a"],"scripts":{"b":"2","a":"1"},"dependencies":{"pino":"1","tsa":"1"}}',
    });
    const manifest = JSON.parse(text);
    expect(Object.keys(manifest)).toEqual(['name', 'dependencies', 'files', 'scripts']);
    expect(Object.keys(manifest.dependencies)).toEqual(['@a/b', 'pino', 'ts-x', 'tsa', 'zod']);
    expect(Object.keys(manifest.scripts)).toEqual(['a', 'b']);
    expect(text).toContain('"files": [\n    "a"\n  ]');
  });

  test('a part that is not JSON is an error', () => {
    expect(() => made('a.json', { 'a.json': '{}', 'a.json.d/b.json': '{' })).toThrow(/a\.json.*JSON/);
  });
});

describe('parts of a YAML file', () => {
  const base = `# The project.
services:
  # The server.
  weather:
    build: .
    cap_drop: [ALL]
    environment:
      # Everywhere.
      HOST: 0.0.0.0
      PORT: "3000"
`;
  const redis = `services:
  weather:
    cap_drop: [ALL, NET_RAW]
    environment:
      # By its name.
      REDIS_URL: redis://redis:6379
      PORT: "3001" # moved
  # Keeps what all instances share.
  redis:
    image: redis:8 # pinned

# What outlives containers.
volumes:
  data: {}
`;

  test('are merged by key and keep their comments', () => {
    const text = made('c.yaml', { 'c.yaml.d/10-base.yaml': base, 'c.yaml.d/20-redis.yaml': redis });
    expect(text).toBe(`# The project.
services:
  # The server.
  weather:
    build: .
    cap_drop: [ALL, NET_RAW]
    environment:
      # Everywhere.
      HOST: 0.0.0.0
      PORT: "3001" # moved
      # By its name.
      REDIS_URL: redis://redis:6379

  # Keeps what all instances share.
  redis:
    image: redis:8 # pinned

# What outlives containers.
volumes:
  data: {}
`);
  });

  test('a single part is unchanged', () => {
    const odd = 'a:   1\n\n\nb: [ 1,2 ]\n';
    expect(made('c.yml', { 'c.yml.d/10-a.yml': odd })).toBe(odd);
  });

  test('a comment above the first entry of a part stays with it', () => {
    const parts = { 'c.yaml': 'a:\n  b: 1\n', 'c.yaml.d/x.yaml': '# Of c.\nc:\n  # Of d.\n  d: 1\n' };
    expect(made('c.yaml', parts)).toBe('a:\n  b: 1\n\n# Of c.\nc:\n  # Of d.\n  d: 1\n');
    const deep = { 'c.yaml': 'a:\n  b: 1\n', 'c.yaml.d/x.yaml': 'a:\n  # Of d.\n  d: 1\n' };
    expect(made('c.yaml', deep)).toBe('a:\n  b: 1\n  # Of d.\n  d: 1\n');
  });

  test('long strings stay on their line, and quoted ones stay quoted', () => {
    const long = `"${'word '.repeat(40)}"`;
    const text = made('c.yaml', { 'c.yaml': `a: ${long}\n`, 'c.yaml.d/x.yaml': "b: 'on'\n" });
    expect(text).toBe(`a: ${long}\nb: 'on'\n`);
    expect(parse(text)).toEqual({ a: 'word '.repeat(40), b: 'on' });
  });

  test.each(['a: [', 'a: 1\n---\nb: 1\n'])('%j is an error that names the file', (text) => {
    expect(() => made('c.yaml', { 'c.yaml': 'a: 1\n', 'c.yaml.d/x.yaml': text })).toThrow(/^c\.yaml: /);
  });

  test('maps of a list with the same name are merged, and keep their comments', () => {
    const text = made('a.yaml', {
      'a.yaml.d/10-a.yaml': 'list:\n  - name: one\n    keys:\n      - key: a\n  - name: two\n',
      'a.yaml.d/20-b.yaml':
        'list:\n  - name: one\n    keys:\n      # Why b.\n      - key: b\n  - name: three\n',
    });
    expect(parse(text)).toEqual({
      list: [{ name: 'one', keys: [{ key: 'a' }, { key: 'b' }] }, { name: 'two' }, { name: 'three' }],
    });
    expect(text).toContain('      # Why b.\n      - key: b');
  });

  test('an anchor precedes its aliases', () => {
    const text = made('a.yaml', {
      'a.yaml.d/10-a.yaml': 'services:\n  one: {}\n',
      'a.yaml.d/20-b.yaml': 'x-common: &common\n  restart: always\nservices:\n  two:\n    <<: *common\n',
    });
    expect(text).toMatch(/^x-common: &common\n {2}restart: always\n\nservices:/);
    expect(parse(text, { merge: true }).services).toEqual({ one: {}, two: { restart: 'always' } });
  });
});
