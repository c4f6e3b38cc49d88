import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labPage } from '../scripts/docs.ts';
import { profiles } from '../src/checklist/checklist.ts';
import { labEvidence } from '../src/evidence/lab/lab.ts';
import { experiments } from '../src/lab/experiments/experiments.ts';

const root = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );

/** What the folder of experiments holds besides them. */
const frame = ['baseline.ts', 'experiment.ts', 'experiments.ts', 'obstacles.ts'];

const ids = experiments.map(({ id }) => id);
const judgements = filesIn('src/checklist').map((file) => file.replace(/^.*\//, ''));
const histories = filesIn('src/evidence/lab');
const labTests = filesIn('test/lab').map((file) => read(`test/lab/${file}`));
const proven = profiles.extended.flatMap(({ id: row, only, criteria }) =>
  criteria.flatMap((criterion) =>
    criterion.proven
      ? [{ name: `${row}/${criterion.id}`, only: criterion.only ?? only, judge: criterion.proven }]
      : [],
  ),
);

describe('an experiment', () => {
  it('is in the list if it has a file', () => {
    const files = filesIn('src/lab/experiments').filter(
      (file) => !file.includes('/') && !frame.includes(file),
    );
    expect(files.sort()).toEqual(ids.map((id) => `${id}.ts`).sort());
  });

  it('has its place in the evidence, and only experiments have one', () => {
    expect(Object.keys(labEvidence.shape.experiments.shape).sort()).toEqual([...ids].sort());
  });

  it.each(experiments.map((one) => [one.id, one] as const))(
    '%s has one name everywhere',
    (id, { question, does }) => {
      expect(histories, 'a history').toContain(`${id}.ts`);
      expect(judgements, 'a judgement').toContain(`${id}.ts`);
      const judges = proven.filter(
        ({ judge }) => judge.experiments !== 'all' && judge.experiments.includes(id),
      );
      expect(
        judges.map(({ name }) => name),
        'criteria that it proves',
      ).not.toEqual([]);
      expect(
        labTests.some((text) => text.includes(`'${id}'`)),
        'a test that runs it',
      ).toBe(true);
      expect(question).toMatch(/\?$/);
      expect(does).toMatch(/^[A-Z].*\.$/);
    },
  );

  it.each(proven.map((one) => [one.name, one] as const))(
    'of %s runs over the transport that this asks for',
    (_, one) => {
      const read = experiments.filter(
        ({ id }) => one.judge.experiments !== 'all' && one.judge.experiments.includes(id),
      );
      for (const { id, over } of read)
        expect(one.only === undefined || over.includes(one.only.transport), id).toBe(true);
    },
  );
});

it('docs/lab.md has the table of experiments as they are (npm run docs)', () => {
  const page = read('docs/lab.md');
  expect(page).toMatch(/<!-- experiments: .*\n\n\| experiment \|/);
  expect(labPage(page)).toBe(page);
});
