import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { scaffoldOptions } from '../../src/scaffold/options.ts';
import { ask, type Prompts } from '../../src/scaffold/questions.ts';
import { withDefaults } from '../../src/scaffold/selections.ts';

const terminal = {
  input: new PassThrough(),
  output: new PassThrough(),
  signal: new AbortController().signal,
};

interface Asked {
  message: string;
  default?: unknown;
  validate?: (text: string) => unknown;
}

/** A user who accepts the defaults, or gives the answers listed by message. */
function person(answers: Record<string, unknown> = {}) {
  const asked: Asked[] = [];
  const reply = (suggested: (config: never) => unknown) => async (config: Asked) => {
    asked.push(config);
    return answers[config.message] ?? suggested(config as never);
  };
  const prompts = {
    input: reply((config: Asked) => config.default),
    select: reply((config: Asked) => config.default),
    checkbox: reply(({ choices }: { choices: Array<{ value: string; checked: boolean }> }) =>
      choices.filter(({ checked }) => checked).map(({ value }) => value),
    ),
    confirm: reply((config: Asked) => config.default),
  } as unknown as Prompts;
  return { asked, prompts };
}

describe('questions', () => {
  test('every question is asked, with its default', async () => {
    const { asked, prompts } = person();
    expect(await ask({ selections: {} }, '/home/me', terminal, prompts)).toEqual({
      directory: 'weather-mcp-server',
      name: 'weather-mcp-server',
      selections: withDefaults({}),
    });
    expect(asked.map(({ message }) => message)).toEqual([
      'Project directory?',
      'Package name?',
      ...scaffoldOptions.map(({ question }) => question),
    ]);
  });

  test('a "~" that no shell expanded is refused', async () => {
    const { asked, prompts } = person();
    await ask({ selections: {} }, '/home/me', terminal, prompts);
    expect(await asked[0]?.validate?.('~/weather')).toMatch(/Write the home directory in full/);
    expect(await asked[0]?.validate?.('weather')).toBe(true);
  });

  test('given answers are not asked for', async () => {
    const { asked, prompts } = person();
    const given = {
      directory: 'here',
      name: 'a-name',
      selections: withDefaults({ deploy: [], sse: ['on'] }),
    };
    expect(await ask(given, '/home/me', terminal, prompts)).toEqual(given);
    expect(asked).toEqual([]);
  });

  test('the suggested name comes from the directory, made acceptable to npm', async () => {
    const { asked, prompts } = person();
    const { name } = await ask({ directory: 'My Weather', selections: {} }, '/home/me', terminal, prompts);
    expect(name).toBe('my-weather');
    expect(asked[0]?.validate?.('Not Good')).toMatch(/npm does not accept/);
    expect(asked[0]?.validate?.('good')).toBe(true);
  });

  test('"." suggests the name of the working directory', async () => {
    const { prompts } = person();
    expect(await ask({ directory: '.', selections: {} }, '/home/wind', terminal, prompts)).toMatchObject({
      name: 'wind',
    });
  });

  test('an answer includes the values that it implies', async () => {
    const { prompts } = person({ 'Deployment targets?': ['compose'] });
    const { selections } = await ask({ selections: {} }, '/home/me', terminal, prompts);
    expect(selections.deploy).toEqual(['docker', 'compose']);
  });
});

describe('the real prompts', () => {
  test('Ctrl-C interrupts', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answers = ask({ selections: {} }, '/home/me', { ...terminal, input, output });
    output.once('data', () => input.write('\x03'));
    await expect(answers).rejects.toMatchObject({ kind: 'interrupted' });
  });

  test('an aborted signal interrupts', async () => {
    const stop = new AbortController();
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answers = ask({ selections: {} }, '/home/me', { input, output, signal: stop.signal });
    output.once('data', () => stop.abort());
    await expect(answers).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
