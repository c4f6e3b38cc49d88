import { describe, expect, it } from 'vitest';
import { textVariationsOf, variationsOf } from '../../../src/lab/client/argument-variants.ts';
import { makeArguments } from '../../../src/lab/client/arguments.ts';
import { callableTools } from '../../../src/lab/client/tool.ts';

const of = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});

describe('arguments made from a schema', () => {
  it.each([
    ['nothing is required', of({ city: { type: 'string' } }, []), {}],
    ['a string by its name', of({ country_code: { type: 'string' } }), { country_code: 'GB' }],
    ['a string by its format', of({ from: { type: 'string', format: 'date' } }), { from: '2026-01-15' }],
    ['a string that is long enough', of({ name: { type: 'string', minLength: 8 } }), { name: 'Londonxx' }],
    ['a string that is short enough', of({ name: { type: 'string', maxLength: 3 } }), { name: 'Lon' }],
    [
      'a pattern that a place fits',
      of({ city: { type: 'string', pattern: '^[A-Za-z]+$' } }),
      { city: 'London' },
    ],
    ['an enumeration', of({ units: { enum: ['metric', 'imperial'] } }), { units: 'metric' }],
    ['an example', of({ id: { type: 'string', examples: ['abc-1'] } }), { id: 'abc-1' }],
    ['a default', of({ days: { type: 'integer', default: 3 } }), { days: 3 }],
    ['a constant', of({ kind: { const: 'city' } }), { kind: 'city' }],
    ['coordinates', of({ latitude: { type: 'number', minimum: -90, maximum: 90 } }), { latitude: 51.5 }],
    ['a number in its range', of({ days: { type: 'integer', minimum: 5, maximum: 9 } }), { days: 5 }],
    ['a number beyond a bound', of({ count: { type: 'integer', exclusiveMinimum: 0 } }), { count: 1 }],
    [
      'a list',
      of({ cities: { type: 'array', items: { type: 'string' }, minItems: 2 } }),
      { cities: ['London', 'Paris'] },
    ],
    ['an alternative', of({ id: { anyOf: [{ type: 'null' }, { type: 'integer' }] } }), { id: 1 }],
    ['an object within', of({ place: of({ city: { type: 'string' } }) }), { place: { city: 'London' } }],
    [
      'a definition',
      { ...of({ place: { $ref: '#/$defs/place' } }), $defs: { place: { type: 'string' } } },
      { place: 'London' },
    ],
  ])('%s', (_title, schema, expected) => {
    expect(makeArguments(schema)).toEqual({ value: expected });
  });

  it.each([
    [
      'a pattern that nothing known fits',
      of({ id: { type: 'string', pattern: '^[0-9]{12}$' } }),
      '"id" has the pattern "^[0-9]{12}$", and the lab has no value that matches it.',
    ],
    [
      'a pattern that is none',
      of({ id: { type: 'string', pattern: '(' } }),
      '"id" has the pattern "(", and the lab has no value that matches it.',
    ],
    [
      'no number in the range',
      of({ n: { type: 'integer', minimum: 4, maximum: 5, multipleOf: 7 } }),
      '"n" has bounds, and the lab found no number within them.',
    ],
    ['a missing type', of({ thing: {} }), '"thing" has no type that the lab supports.'],
    ['a property that is not described', of({}, ['thing']), '"thing" has no schema.'],
    [
      'a definition that leads to itself',
      { ...of({ a: { $ref: '#/$defs/a' } }), $defs: { a: { $ref: '#/$defs/a' } } },
      '"a" is nested deeper than 6 levels.',
    ],
    [
      'a definition elsewhere',
      of({ a: { $ref: 'https://example.com/schema' } }),
      '"a" refers to "https://example.com/schema", which is not in the schema.',
    ],
    [
      'a property of a property',
      of({ place: of({ days: { type: 'array', minItems: 50 } }) }),
      '"place.days" must have at least 50 items, and the limit of the lab is 20.',
    ],
    ['no schema', null, 'The schema is not an object.'],
  ])('cannot be made, and it is said why: %s', (_title, schema, problem) => {
    expect(makeArguments(schema)).toEqual({ problem });
  });

  it('differ from variant to variant', () => {
    const schema = of({ city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 5 } });
    expect([0, 1, 2].map((variant) => makeArguments(schema, variant))).toEqual([
      { value: { city: 'London', days: 1 } },
      { value: { city: 'Paris', days: 2 } },
      { value: { city: 'Berlin', days: 3 } },
    ]);
  });
});

describe('other arguments', () => {
  it('differ in the property that allows most', () => {
    const schema = of({ units: { enum: ['metric', 'imperial'] }, city: { type: 'string' } });
    const given = { units: 'metric', city: 'London' };
    const others = variationsOf(given, schema);
    expect(others.slice(0, 2)).toEqual([
      { units: 'metric', city: 'Paris' },
      { units: 'metric', city: 'Berlin' },
    ]);
    expect(new Set(others.map((words) => JSON.stringify(words))).size).toBe(others.length);
    expect(others.length).toBeGreaterThan(15);
    expect(others).not.toContainEqual(given);
  });

  it('take an optional property where none is required', () => {
    expect(variationsOf({}, of({ day: { type: 'integer', minimum: 1, maximum: 3 } }, []))).toEqual([
      { day: 1 },
      { day: 2 },
      { day: 3 },
    ]);
  });

  it('change each other text, and the main one to a value that begins like it', () => {
    const units = { enum: ['metric', 'imperial'], default: 'metric' };
    const days = { type: 'integer', minimum: 1, maximum: 3 };
    const schema = of({ city: { type: 'string' }, units, days, language: { default: 'en' } }, ['city']);
    expect(textVariationsOf({ city: 'London' }, schema)).toEqual([
      { city: 'London', units: 'imperial' },
      { city: 'Londonderry' },
    ]);
    expect(textVariationsOf({ city: 'Berlin', units: 'imperial' }, schema)).toEqual([
      { city: 'Berlin', units: 'metric' },
    ]);
    const ids = of({ id: { examples: ['shelf-1', 'shelf-2', 'shelf-3', 'shelf-4', 'box'] } });
    expect(textVariationsOf({ id: 'shelf-1' }, ids)).toEqual([{ id: 'shelf-4' }]);
    expect(textVariationsOf({ days: 1 }, of({ days }))).toEqual([]);
  });

  it.each([[null], [of({})], [of({ kind: { const: 'city' } })]])('are none: %j', (schema) => {
    expect(variationsOf({ kind: 'city' }, schema)).toEqual([]);
    expect(textVariationsOf({ kind: 'city' }, schema)).toEqual([]);
  });
});

describe('the tools that may be called', () => {
  const reading = {
    name: 'read',
    annotations: { readOnlyHint: true },
    inputSchema: of({ city: { type: 'string' } }),
  };
  const writing = { name: 'write', inputSchema: of({}) };

  it('is the first that only reads', () => {
    expect(callableTools({}, [writing, reading])).toEqual([
      { chosen: true, name: 'read', arguments: { city: 'London' }, source: 'schema' },
    ]);
  });

  it('is the configured one, whatever it says of itself', () => {
    expect(callableTools({ tool: { name: 'write', arguments: { a: 1 } } }, [writing, reading])).toMatchObject(
      [{ name: 'write', arguments: { a: 1 }, source: 'configured' }],
    );
    expect(callableTools({ tool: { name: 'read' } }, [reading])).toMatchObject([{ source: 'schema' }]);
  });

  it.each([
    [{}, [], 'The server lists no tools.'],
    [{}, [writing], 'No tool declares that it only reads (readOnlyHint). The server lists 1.'],
    [
      {},
      [{ ...writing, annotations: { readOnlyHint: true, destructiveHint: true } }],
      'No tool declares that it only reads (readOnlyHint). The server lists 1.',
    ],
    [
      {},
      [{ ...reading, inputSchema: of({ thing: {} }) }],
      'The lab could not make arguments for any read-only tool. read: "thing" has no type that the lab supports.',
    ],
    [{ tool: { name: 'none' } }, [reading], 'The server lists no tool "none".'],
    [
      { tool: { name: 'long' } },
      [{ name: 'long', inputSchema: of({ text: { type: 'string', minLength: 5e8 } }) }],
      'The lab could not make arguments for "long". "text" must have at least 500000000 characters, and the limit of the lab is 10000.',
    ],
  ])('is none: %j', (plan, tools, reason) => {
    expect(callableTools(plan, tools)).toEqual({ chosen: false, reason });
  });
});
