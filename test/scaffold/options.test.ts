import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ScaffoldOption, scaffoldOptions } from '../../src/scaffold/options.ts';
import { layersOf, parseSelection, withDefaults } from '../../src/scaffold/selections.ts';

const deploy = scaffoldOptions.find(({ id }) => id === 'deploy') as ScaffoldOption;
const single: ScaffoldOption = { ...deploy, id: 'single', kind: 'one' };

describe('the table', () => {
  test.each(scaffoldOptions)('$id has defaults that can be chosen', (option) => {
    const values = option.choices.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining([...option.defaults]));
  });
});

test('README.md lists every option with its values, the default first', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const option of scaffoldOptions) {
    const cell = new RegExp(`^\\| \`--${option.id}\` \\|([^|]*)\\|`, 'm').exec(readme)?.[1] ?? '';
    const listed = [...cell.matchAll(/`([^`]+)`/g)].map(([, values]) => values ?? '');
    expect(cell, option.id).not.toBe('');
    if (option.kind === 'switch') continue;
    const none = option.kind === 'several' ? ['none'] : [];
    expect(listed[0], option.id).toBe(option.defaults.join(','));
    const values = option.choices.map(({ value }) => value);
    expect(listed.flatMap((value) => value.split(',')).sort(), option.id).toEqual(
      [...values, ...none].sort(),
    );
  }
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

  test.each(['heroku', '', 'docker,', 'none,docker', 'Docker'])(
    '%j is refused, naming what is accepted',
    (text) => {
      expect(() => parseSelection(deploy, text)).toThrow(
        expect.objectContaining({
          kind: 'usage',
          hint: 'Allowed values are docker, compose, kubernetes, fly, render, systemd, none.',
        }),
      );
    },
  );

  test('an option for one value accepts exactly one', () => {
    expect(parseSelection(single, 'docker')).toEqual(['docker']);
    for (const text of ['docker,compose', 'none']) {
      expect(() => parseSelection(single, text)).toThrow(
        expect.objectContaining({
          hint: 'Allowed values are docker, compose, kubernetes, fly, render, systemd.',
        }),
      );
    }
  });

  test('a switch is on or off', () => {
    const sse = scaffoldOptions.find(({ id }) => id === 'sse') as ScaffoldOption;
    expect([parseSelection(sse, true), parseSelection(sse, false)]).toEqual([['on'], ['off']]);
  });
});

describe('the layers', () => {
  test('follow the base in the order of the table, each once', () => {
    const layers = layersOf(withDefaults({ deploy: ['docker', 'compose', 'systemd'] }));
    const inOrder = ['base', 'auth/api-key', 'store/memory', 'provider/openweathermap'];
    inOrder.push('observability/basic', 'deploy/docker', 'deploy/compose', 'deploy/systemd');
    inOrder.push('ci/github', 'package-manager/npm', 'combined/docker+github');
    expect(layers.filter((layer) => inOrder.includes(layer))).toEqual(inOrder);
    expect(layers).toHaveLength(new Set(layers).size);
  });

  test('of combinations come last', () => {
    const layers = layersOf(withDefaults({ store: ['redis'], sse: ['on'], observability: ['full'] }));
    expect(layers).toEqual(expect.arrayContaining(['observability/basic', 'observability/full', 'sse']));
    expect(layers.slice(layers.indexOf('package-manager/npm') + 1)).toEqual(
      expect.arrayContaining(['combined/redis+compose', 'combined/full+compose', 'combined/sse+nginx']),
    );
    expect(layers).not.toContain('combined/redis+kubernetes');
  });
});
