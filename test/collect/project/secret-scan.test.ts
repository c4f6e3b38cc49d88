import { describe, expect, it } from 'vitest';
import { noSecrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import { scanForSecrets } from '../../../src/collect/project/secrets/scan.ts';
import { leakedSecrets, leakedVariants } from '../../servers/leaking.ts';
import { MapFiles } from './source-support.ts';
import { fakes } from './support.ts';

async function scan(contents: Record<string, string>) {
  return (await scanWithNotices(contents)).found;
}

async function scanWithNotices(contents: Record<string, string>) {
  const secrets = noSecrets();
  const files = new MapFiles(contents);
  await scanForSecrets(Object.keys(contents), files, secrets);
  return { found: secrets.found, values: secrets.values, notices: files.notices() };
}

/** By its form only the scanner's own rules know it. */
const linear = ['lin_api', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
const anthropic = ['sk-ant-api03', `${'a1B2c3D4e5F6g7H8'.repeat(6)}-AA`].join('-');
const database = ['postgres://admin', 'Zk3mQ9rTz@db.internal/weather'].join(':');

it('finds what shows by its form, in every file that people write, with its line', async () => {
  const found = await scan({
    'src/a.ts': `\n\nconst a = "${fakes.github}";\n`,
    'src/b.go': `x := "${fakes.aws}"\n`,
    'config/settings.yaml': `a: 1\ndb: ${database}\n`,
    'src/c.py': `client = f(\n    "${anthropic}")\n`,
  });
  expect(found.map(({ kind, at, byForm }) => [kind, at.file, at.line, byForm])).toEqual([
    ['a GitHub token', 'src/a.ts', 3, true],
    ['an AWS access key id', 'src/b.go', 1, true],
    expect.arrayContaining(['src/c.py', 2]),
    ['a database address with a password', 'config/settings.yaml', 2, true],
  ]);
  expect(JSON.stringify(found)).not.toMatch(/Zk3mQ9rTz|a1B2c3D4/);
});

it.each([...Object.entries(leakedSecrets), ...leakedVariants])('finds %s in a file', async (kind, value) => {
  const { found, values } = await scanWithNotices({ 'src/a.ts': `const a = 1;\nconst b = \`${value}\`;\n` });
  expect(found).toContainEqual({
    name: expect.any(String),
    kind,
    byForm: true,
    at: { file: 'src/a.ts', line: 2 },
  });
  expect([...values].some((secret) => value.includes(secret))).toBe(true);
});

it('takes no key to fill in for a secret, nor a token that is made to be published', async () => {
  const found = await scan({
    'src/a.ts': [
      'const url = "https://api.example/data?appid=YOUR_KEY_GOES_HERE_123";',
      'const other = `https://api.example/data?key=process.env.API_KEY_2`;',
      `const stripe = "sk_test_${'x'.repeat(24)}";`,
      `const header = '-----BEGIN ${'PRIVATE'} KEY-----';`,
    ].join('\n'),
  });
  expect(found).toEqual([]);
});

it('takes no stand-in for a secret, and reads no lockfile, environment file or document', async () => {
  const found = await scan({
    'src/a.ts':
      'const a = "postgres://postgres:postgres@localhost:5432/app"; const b = "https://user:password@a.example";',
    'src/b.py': 'KEY = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    'src/c.ts': 'const a = `mongodb://${user}:${password}@db/x`;',
    'package-lock.json': fakes.github,
    '.env': `A=${fakes.github}`,
    'README.md': fakes.github,
  });
  expect(found).toEqual([]);
});

it('knows the value to mask, also beside its name, within an address and on the line of another', async () => {
  const key = ['Zq3JalrXUtnFEMIa', 'K7MDENGabPxRfiCYm9T2hLqW'].join('');
  const { found, values } = await scanWithNotices({
    'settings.json': `{ "aws_secret_access_key": "${key}" }\n`,
    'db.yaml': `db: ${database}\n`,
    'two.json': `["${fakes.github}", "${linear}"]\n`,
  });
  expect(found).toHaveLength(3);
  expect([...values]).toEqual(expect.arrayContaining([key, database, 'Zk3mQ9rTz', fakes.github, linear]));
});

const placesOf = (found: Awaited<ReturnType<typeof scan>>) =>
  found.map(({ at }) => `${at.file}:${at.line}`).sort();

describe('a comment that tells secretlint to look away', () => {
  it('hides nothing in its own file, nor in those that follow', async () => {
    const { found, notices } = await scanWithNotices({
      'a.ts': `// secretlint-disable\nconst a = "${linear}";`,
      'b.ts': `\nconst b = "${linear}"; // secretlint-disable-line`,
      'c.ts': `// secretlint-disable-next-line @secretlint/secretlint-rule-linear -- fine\nconst c = "${linear}";`,
      'd.ts': `const d = "${linear}";`,
    });
    expect(placesOf(found)).toEqual(['a.ts:2', 'b.ts:2', 'c.ts:2', 'd.ts:1']);
    expect(notices).toEqual([
      'Comments disable secretlint. The audit ignored these comments: a.ts:1, b.ts:2, c.ts:1.',
    ]);
  });

  it('is not in a project that has none', async () => {
    expect(await scanWithNotices({ 'a.ts': '// secretlint-enable' })).toMatchObject({
      found: [],
      notices: [],
    });
  });
});

it.each([
  ['an unclosed quote', 'const a = "'],
  ['a key without an end', `const key = \`-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(20)}\n`],
  ['an address without an end', 'const url = "mongodb://admin:Zk3mQ9'],
  ['a name without a value', 'AWS_SECRET_ACCESS_KEY ='],
])('the end of one file takes nothing of the next: %s', async (_, text) => {
  const found = await scan({
    'a.ts': text,
    'b.ts': `wJalrXUtnFEMIaK7MDENGabPxRfiCYzzzzzzzzKE\n${linear}\n${database}\n`,
  });
  expect(placesOf(found).filter((place) => place.startsWith('b'))).toEqual(['b.ts:2', 'b.ts:3']);
  expect(found.map(({ kind }) => kind)).not.toContain('an AWS secret access key');
});

it('finds a secret wherever it is in a long file', async () => {
  for (const before of [24_000, 24 * 1024 - 20, 24 * 1024, 46_000, 200_000]) {
    expect(placesOf(await scan({ 'a.ts': `${'a b\n'.repeat(before / 4)}x = "${linear}"` }))).toEqual([
      `a.ts:${Math.floor(before / 4) + 1}`,
    ]);
    expect(placesOf(await scan({ 'a.ts': `${'x'.repeat(before)} "${linear}"` }))).toEqual(['a.ts:1']);
  }
});
