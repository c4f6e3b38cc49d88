import { expect, it } from 'vitest';
import { textArgumentsOf } from '../../../src/lab/client/text-argument.ts';

const schema = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };

it.each([
  ['a string', schema({ city: text }), {}, ['city']],
  ['every string, required ones first', schema({ note: text, city: text }, ['city']), {}, ['city', 'note']],
  ['one that may be null', schema({ city: { anyOf: [{ type: 'null' }, text] } }), {}, ['city']],
  ['a list of types', schema({ city: { type: ['string', 'null'] } }), {}, ['city']],
  [
    'an enumeration, a pattern, a format and a short text',
    schema({
      units: { enum: ['metric'] },
      code: { type: 'string', pattern: '^[A-Z]{2}$' },
      day: { type: 'string', format: 'date' },
      key: { type: 'string', maxLength: 1 },
    }),
    {},
    ['units', 'code', 'day', 'key'],
  ],
  ['a string that was given without a schema', undefined, { count: 2, city: 'London' }, ['city']],
  ['a list', schema({ cities: { type: 'array', items: text } }), {}, ['cities[]']],
  ['a list of anything', schema({ tags: { type: 'array' } }), {}, ['tags[]']],
  ['an object', schema({ place: schema({ city: text, days: { type: 'integer' } }) }), {}, ['place.city']],
  ['a free-form object', schema({ labels: { type: 'object' } }), {}, ['labels.note']],
  ['a map', schema({ labels: { type: 'object', additionalProperties: text } }), {}, ['labels.note']],
  [
    'a reference',
    { ...schema({ place: { $ref: '#/$defs/Place' } }), $defs: { Place: schema({ city: text }) } },
    {},
    ['place.city'],
  ],
])('can carry a text: %s', (_, inputSchema, given, paths) => {
  const found = textArgumentsOf(inputSchema, given);
  expect(found.map(({ path }) => path)).toEqual(paths);
  expect(found.every(({ by }) => by === 'text')).toBe(true);
});

it.each([
  [
    'no number',
    schema({ days: { type: 'integer' } }),
    { days: 3 },
    ['days other-type', 'note unknown-argument'],
  ],
  [
    'no object without text',
    schema({ at: schema({ lat: { type: 'number' } }) }),
    {},
    ['at other-type', 'note unknown-argument'],
  ],
  ['nothing', schema({}), {}, ['note unknown-argument']],
])('where there is no text, takes other places: %s', (_, inputSchema, given, places) => {
  const found = textArgumentsOf(inputSchema, given);
  expect(found.map(({ path, by }) => `${path} ${by}`)).toEqual(places);
  expect(found.some(({ allows }) => allows('x'))).toBe(false);
});

it('puts the text beside working values', () => {
  const put = (inputSchema: unknown, given: Record<string, unknown>) =>
    textArgumentsOf(inputSchema, given)[0]?.put('x');
  expect(put(schema({ city: text, days: { type: 'integer' } }), { city: 'London', days: 3 })).toEqual({
    city: 'x',
    days: 3,
  });
  expect(put(schema({ cities: { type: 'array', items: text } }), { cities: ['a', 'b'] })).toEqual({
    cities: ['x', 'b'],
  });
  const place = schema({ city: text, days: { type: 'integer', minimum: 2 } }, ['city', 'days']);
  expect(put(schema({ place }), {})).toEqual({ place: { city: 'x', days: 2 } });
  expect(put(schema({ place }), { place: { city: 'a', days: 7 } })).toEqual({
    place: { city: 'x', days: 7 },
  });
  expect(put(schema({}), { days: 3 })).toEqual({ days: 'x' });
});

it.each([
  ['free text', text, 'x"\n', true],
  ['too long', { type: 'string', maxLength: 2 }, 'x"\n', false],
  ['a pattern', { type: 'string', pattern: '^[a-z]+$' }, 'x"\n', false],
  ['a pattern of spaces', { type: 'string', pattern: '^[a-z\\s]+$' }, 'x\n', true],
  ['a format', { type: 'string', format: 'date' }, 'x', false],
  ['an unknown format', { type: 'string', format: 'city' }, 'x', true],
  ['an enumeration', { enum: ['a'] }, 'x', false],
  ['one of two', { anyOf: [{ const: 'a' }, text] }, 'x', true],
])('knows what the schema allows: %s', (_, property, value, allowed) => {
  expect(textArgumentsOf(schema({ city: property }), {})[0]?.allows(value)).toBe(allowed);
});
