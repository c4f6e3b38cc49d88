import { expect, it } from 'vitest';
import { noSecrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import { scanForSecrets } from '../../../src/collect/project/secrets/scan.ts';
import { MapFiles } from './source-support.ts';
import { fakes } from './support.ts';

async function scan(contents: Record<string, string>) {
  const secrets = noSecrets();
  await scanForSecrets(Object.keys(contents), new MapFiles(contents), secrets);
  return secrets.found;
}

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
