import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readOwnVariables } from '../../../src/lab/world/own-variables.ts';
import { temporaryDirectory } from '../support.ts';

it('reads the environment files at the root, within bounds, and whatever else bears their name is left alone', async () => {
  const directory = temporaryDirectory();
  const write = (file: string, text: string) => writeFileSync(`${directory}/${file}`, text);
  write('.env', `A_KEY=one\n${'# filler\n'.repeat(20_000)}LATE_KEY=late\n`);
  write('.env.production', 'B_KEY="two"\n');
  write('.env.example', 'C_KEY=three\n');
  mkdirSync(`${directory}/.env.d`);
  const found = await readOwnVariables(directory);
  expect(found.sort((left, right) => left.name.localeCompare(right.name))).toEqual([
    { file: '.env', name: 'A_KEY', value: 'one' },
    { file: '.env.production', name: 'B_KEY', value: 'two' },
  ]);
  expect(await readOwnVariables(`${directory}/nowhere`)).toEqual([]);
});

it('does not wait for a pipe of that name', async () => {
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [`${directory}/.env`]);
  expect(await readOwnVariables(directory)).toEqual([]);
});
