import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variationsOf } from '../../src/lab/client/argument-variants.ts';
import { makeArguments } from '../../src/lab/client/arguments.ts';
import { forgedTexts } from '../../src/lab/client/forged-text.ts';
import { textArgumentsOf } from '../../src/lab/client/text-argument.ts';
import { callableTools } from '../../src/lab/client/tool.ts';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../src/lab/experiments/obstacles.ts';
import { badArguments } from '../../src/protocol/bad-arguments.ts';
import { servers, temporaryDirectory, usingRun, weatherPlan } from './support.ts';

const of = (property: unknown, name = 'text') => ({
  type: 'object',
  properties: { [name]: property },
  required: [name],
});
const patterned = (pattern: string) => of({ type: 'string', minLength: 32, pattern });
const many = <T>(count: number, value: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => value(i));

/** A schema in a schema in a schema. */
const nested = (depth: number, wrap: (inner: unknown) => unknown, inner: unknown = { type: 'string' }) =>
  many(depth, () => wrap).reduce((value, one) => one(value), inner);
const ownProperty = (name: string, value: unknown) =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);

/** What each asks for, and what becomes of it: arguments, or a sentence that says why there are none. */
const hostile: [string, Record<string, unknown>, RegExp | Record<string, unknown>][] = [
  ['nested quantifiers', patterned('^(a+)+$|^(x?[a-zA-Z]+)+!$'), /pattern that is too expensive/],
  ['alternatives that are the same', patterned('(x|x|[a-zA-Z])*!'), /pattern that is too expensive/],
  ['nested counts', patterned('((x{0,50}|.{0,50}){0,50}){0,50}!'), /pattern that is too expensive/],
  ['a look-ahead', patterned('(?=([a-zA-Z]+)+!)'), /pattern that is too expensive/],
  [
    'a pattern of a megabyte',
    patterned('(?:'.repeat(200_000) + ')'.repeat(200_000)),
    /pattern that is too expensive/,
  ],
  ['a pattern with code', patterned('"+process.exit(1)+"'), /has no value that matches/],
  ['half a billion characters', of({ type: 'string', minLength: 5e8 }), /at least 500000000 characters/],
  ['a length beyond all numbers', of({ type: 'string', minLength: 1e308 }), /at least 1e\+308 characters/],
  ['lengths below zero', of({ type: 'string', minLength: -5, maxLength: -9 }), { text: 'London' }],
  ['lengths in words', of({ type: 'string', minLength: '7', maxLength: [] }), { text: 'London' }],
  [
    'lengths that exclude each other',
    of({ type: 'string', minLength: 9, maxLength: 2 }),
    /at least 9 characters and at most 2/,
  ],
  ['half a billion items', of({ type: 'array', minItems: 5e8 }), /at least 500000000 items/],
  ['items below zero', of({ type: 'array', minItems: -1 }), { text: ['London'] }],
  [
    'lists in lists',
    of(nested(5, (items) => ({ type: 'array', minItems: 20, items }))),
    /more than 1000 values/,
  ],
  ['a million required names', { type: 'object', required: many(1_000_000, String) }, /"0" has no schema/],
  [
    'a required name a hundred times, at five levels',
    nested(5, (property) => ({ ...of(property), required: many(100, () => 'text') })) as Record<
      string,
      unknown
    >,
    { text: { text: { text: { text: { text: 'London' } } } } },
  ],
  ['required names that are none', { type: 'object', required: [null, 7, {}, []] }, {}],
  [
    'a hundred thousand properties',
    {
      type: 'object',
      properties: Object.fromEntries(many(100_000, (i) => [`p${i}`, { type: 'string' }])),
      required: many(100_000, (i) => `p${i}`),
    },
    /more than 1000 values/,
  ],
  ['properties that are a list', { type: 'object', properties: [{}], required: ['0'] }, /"0" has no schema/],
  [
    '"__proto__", which is an ordinary name',
    of({ type: 'string' }, '__proto__'),
    ownProperty('__proto__', 'London'),
  ],
  [
    '"constructor", which nothing describes',
    { type: 'object', required: ['constructor'] },
    /"constructor" has no schema/,
  ],
  ['a format that every object has', of({ type: 'string', format: 'constructor' }), { text: 'London' }],
  ['a reference that is no escape', of({ $ref: '#/%' }), /refers to "#\/%"/],
  ['a reference that every object has', of({ $ref: '#/constructor' }), /refers to/],
  ['a reference to everything', of({ $ref: '#' }), /deeper than 6 levels/],
  ['a reference of a megabyte', of({ $ref: `#${'/a'.repeat(500_000)}` }), /refers to/],
  [
    'a circle of references',
    { ...of({ $ref: '#/a' }), a: { $ref: '#/b' }, b: { $ref: '#/a' } },
    /deeper than 6 levels/,
  ],
  ['a million choices', of({ enum: many(1_000_000, (i) => `choice ${i}`) }), { text: 'choice 0' }],
  [
    'a constant of a megabyte',
    of({ const: 'x'.repeat(1_000_000) }),
    /more than 1000 values or 20000 characters/,
  ],
  ['a constant that is deep', of({ const: nested(900, (inner) => [inner]) }), /more than 1000 values/],
  ['an example of many parts', of({ examples: [many(5_000, () => 1)] }), /more than 1000 values/],
  [
    'alternatives of alternatives',
    {
      ...of({ $ref: '#/$defs/0' }),
      $defs: {
        ...many(3, (i) => ({ anyOf: many(1_000, () => ({ $ref: `#/$defs/${i + 1}` })) })),
        3: {},
      },
    },
    /more than 1000 values/,
  ],
  [
    'alternatives in alternatives',
    of(nested(4, (option) => ({ anyOf: many(30, () => option) }), {})),
    /more than 1000 values/,
  ],
  ['a million alternatives', of({ oneOf: many(1_000_000, () => ({})) }), /more than 1000 values/],
  ['alternatives without end', of(nested(900, (option) => ({ anyOf: [option] }))), /deeper than 6 levels/],
  ['all of many', of({ allOf: many(100_000, () => ({ type: 'string' })) }), /no type that the lab supports/],
  ['objects without end', nested(900, of) as Record<string, unknown>, /deeper than 6 levels/],
  ['a schema that allows all', of(true), /has no schema/],
  ['a schema that is a list', of([{ type: 'string' }]), /has no schema/],
  ['types that are none', of({ type: many(100_000, () => 'null') }), /no type that the lab supports/],
  ['a step of zero', of({ type: 'number', multipleOf: 0 }), { text: 1 }],
  ['a step below zero', of({ type: 'integer', multipleOf: -3 }), { text: 1 }],
  [
    'a step beyond all numbers',
    of({ type: 'number', multipleOf: 1e308, minimum: 1.5e308 }),
    /no number within/,
  ],
  ['a step of nearly nothing', of({ type: 'number', multipleOf: 5e-324 }), /no number within/],
  ['bounds beyond all numbers', of({ type: 'number', minimum: Infinity, maximum: Number.NaN }), { text: 1 }],
  ['bounds in words', of({ type: 'number', minimum: '5', exclusiveMinimum: true }), { text: 1 }],
];

const maxCpuMs = 4_000;

describe('a schema that means harm', () => {
  it.each(hostile)('%s', (_title, schema, expected) => {
    const before = process.cpuUsage();
    const made = makeArguments(schema);
    const given = 'value' in made ? made.value : {};
    const others = variationsOf(given, schema);
    const forged = forgedTexts(textArgumentsOf(schema, given));
    badArguments(schema, given);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(maxCpuMs);
    expect(JSON.stringify(given).length).toBeLessThan(50_000);
    expect(JSON.stringify(others).length).toBeLessThan(1_000_000);
    expect(JSON.stringify(forged).length).toBeLessThan(300_000);
    if (expected instanceof RegExp) {
      const problem = 'problem' in made ? made.problem : JSON.stringify(made);
      expect(problem).toMatch(expected);
      expect(problem.length).toBeLessThan(400);
    } else {
      expect(JSON.stringify(given)).toBe(JSON.stringify(expected));
    }
  });

  it('is one of five hundred', () => {
    const before = process.cpuUsage();
    const tools = many(500, (index) => ({
      name: `tool-${index}`,
      annotations: { readOnlyHint: true },
      inputSchema: patterned(`^([a-zA-Z]+)+${index}$`),
    }));
    expect(callableTools({}, tools)).toMatchObject({
      chosen: false,
      reason: expect.stringMatching(/ tool-0: "text" has a pattern that is too expensive to test/),
    });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(maxCpuMs);
  });
});

describe('a server with a tool that means harm', () => {
  const history = async (
    definition: Record<string, unknown>,
    tool?: { name: string; arguments: Record<string, unknown> },
  ) => {
    const directory = temporaryDirectory();
    writeFileSync(
      join(directory, 'server.mjs'),
      `import { serveTool } from ${JSON.stringify(join(servers, 'one-tool.mjs'))};
       const definition = JSON.parse(${JSON.stringify(JSON.stringify(definition))});
       serveTool({ name: 'harm', call: async () => 'x'.repeat(40) + '!', definition });`,
    );
    const run = await usingRun(
      weatherPlan({
        command: 'node server.mjs',
        directory,
        upstream: {},
        secrets: [],
        ...(tool && { tool }),
      }),
    );
    return (await baseline(run)).baseline;
  };

  it('is not called, and the obstacle says what would help', async () => {
    const { tool, calls, ...rest } = await history({ inputSchema: of({ type: 'string', minLength: 5e8 }) });
    expect(calls).toEqual([]);
    expect(obstacleTo('call', { tool, calls, ...rest })).toEqual({
      ran: false,
      reason:
        'The lab could not make arguments for any read-only tool. harm: "text" must have at least 500000000 characters, and the limit of the lab is 10000.',
      help: 'Name a tool and its arguments in "tool".',
    });
  });

  it('is called with the arguments of the configuration', async () => {
    const inputSchema = patterned('^([a-zA-Z]+)+!$');
    const { calls } = await history({ inputSchema }, { name: 'harm', arguments: { text: 'mine' } });
    expect(calls).toMatchObject([
      { arguments: { text: 'mine' }, outcome: { kind: 'result', isError: false } },
    ]);
  });

  it('has the schema of its answers compiled by nobody', async () => {
    const text = { type: 'string', pattern: '^(x+x+)+y$' };
    const outputSchema = {
      type: 'object',
      properties: { text },
      $ref: '#/%',
      required: many(100, () => 'text'),
    };
    const before = process.cpuUsage();
    const { calls } = await history({ outputSchema });
    const { user, system } = process.cpuUsage(before);
    expect(calls).toMatchObject([{ outcome: { kind: 'result', isError: false } }]);
    expect((user + system) / 1_000).toBeLessThan(2 * maxCpuMs);
  });

  it('whose schema is too deep to be read is told so', async () => {
    let inputSchema: object = { type: 'object' };
    for (let depth = 0; depth < 1_000; depth += 1) inputSchema = { properties: { a: inputSchema } };
    const { connection, attempts } = await history({ inputSchema });
    expect(connection).toBeNull();
    expect(JSON.stringify(attempts)).toContain('The response nests too deep.');
  });
});
