import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  layersOf,
  parseSelection,
  type ScaffoldOption,
  scaffoldOptions,
} from '../../src/scaffold/options.ts';
import { templatesRoot } from '../../src/scaffold/templates.ts';

const deploy = scaffoldOptions.find(({ id }) => id === 'deploy') as ScaffoldOption;
const single: ScaffoldOption = { ...deploy, id: 'single', multiple: false };

describe('the table', () => {
  test.each(scaffoldOptions)('$id names layers that exist and defaults that can be chosen', (option) => {
    for (const { layers } of option.choices) {
      for (const layer of layers) expect(existsSync(join(templatesRoot, layer)), layer).toBe(true);
    }
    const values = option.choices.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining([...option.defaults]));
  });
});

describe('the value of a flag', () => {
  test.each([
    ['docker', ['docker']],
    ['compose', ['docker', 'compose']],
    [' compose , docker,docker', ['docker', 'compose']],
    ['none', []],
  ])('%j', (text, values) => {
    expect(parseSelection(deploy, text)).toEqual(values);
  });

  test.each(['kubernetes', '', 'docker,', 'none,docker', 'Docker'])(
    '%j is refused, naming what is accepted',
    (text) => {
      expect(() => parseSelection(deploy, text)).toThrow(
        expect.objectContaining({ kind: 'usage', hint: 'Accepted: docker, compose, none.' }),
      );
    },
  );

  test('an option for one value takes one, and not none', () => {
    expect(parseSelection(single, 'docker')).toEqual(['docker']);
    for (const text of ['docker,compose', 'none']) {
      expect(() => parseSelection(single, text)).toThrow(
        expect.objectContaining({ hint: 'Accepted: docker, compose.' }),
      );
    }
  });
});

test('the chosen layers follow the base in the order of the table', () => {
  expect(layersOf({ deploy: ['compose', 'docker'] })).toEqual(['base', 'deploy/docker', 'deploy/compose']);
  expect(layersOf({ deploy: [] })).toEqual(['base']);
});
