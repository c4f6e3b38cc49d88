import { describe, expect, it } from 'vitest';
import { type Format, formats } from '../../src/report/formats.ts';
import { expectGolden } from '../support/golden.ts';
import { goldenReports } from '../support/reports.ts';

const plain = { columns: 80, colour: 0 } as const;

/** These hold what the formats differ in. Of the others, what a person and a program read is enough. */
const inAllFormats = ['extended', 'hostile'];

describe.each(Object.entries(goldenReports))('the report of saved evidence: %s', (name, make) => {
  const compared = Object.entries<Format>(formats).filter(
    ([format]) => inAllFormats.includes(name) || format === 'terminal' || format === 'json',
  );
  it.each(compared)('matches its golden as %s', (_, { extension = '.txt', write }) => {
    expectGolden(`report/${name}${extension}`, write(make(), plain));
  });

  it('is the same whenever it is made', () => {
    for (const { write } of Object.values(formats)) expect(write(make(), plain)).toBe(write(make(), plain));
  });
});

it('has a golden of each format', () => {
  expect(Object.keys(goldenReports)).toEqual(expect.arrayContaining(inAllFormats));
});

it('has every kind of verdict in one of them', () => {
  const rows = Object.values(goldenReports).flatMap((make) => make().rows);
  expect([...new Set(rows.map(({ verdict }) => verdict))].sort()).toEqual([
    'fail',
    'not-applicable',
    'partial',
    'pass',
    'unknown',
  ]);
  const criteria = rows.flatMap((row) => row.criteria);
  expect([...new Set(criteria.map(({ verdict }) => verdict))].sort()).toEqual([
    'fail',
    'inconclusive',
    'not-applicable',
    'pass',
  ]);
});
