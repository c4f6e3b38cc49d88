import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import config from '../vitest.config.ts';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

const suites = (config.test?.projects ?? []).map((project) =>
  typeof project === 'object' && 'test' in project ? String(project.test?.name) : '',
);

/** The suites that these command lines name. */
const named = (text: string) => [...text.matchAll(/--project[= ]([\w-]+)/g)].map(([, name]) => name);

test('every suite is one of npm test, or runs in CI by name', async () => {
  const { scripts } = JSON.parse(await read('package.json'));
  const always = named(scripts.test);
  const [onNode20 = '', onNode24 = ''] = (await read('.ci/run')).split('say "the same on Node 24"');
  // Deployment files are the same on every Node.
  const elsewhere = [...named(onNode20), ...named(onNode24).filter((name) => name === 'deploy')];
  expect([...always, ...elsewhere].sort()).toEqual([...suites].sort());
});
