import { expect, it } from 'vitest';
import { textArgumentOf } from '../../../src/lab/client/text-argument.ts';

const schema = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
});

it.each([
  ['a string', schema({ city: { type: 'string' } }), {}, 'city'],
  [
    'a required one first',
    schema({ note: { type: 'string' }, city: { type: 'string' } }, ['city']),
    {},
    'city',
  ],
  ['one that may be null', schema({ city: { anyOf: [{ type: 'null' }, { type: 'string' }] } }), {}, 'city'],
  ['a list of types', schema({ city: { type: ['string', 'null'] } }), {}, 'city'],
  ['no number', schema({ days: { type: 'integer' } }), { days: 3 }, null],
  ['no enumeration', schema({ units: { type: 'string', enum: ['metric'] } }), { units: 'metric' }, null],
  [
    'free text before a pattern',
    schema({ code: { type: 'string', pattern: '^[A-Z]{2}$' }, note: { type: 'string' } }, ['code']),
    {},
    'note',
  ],
  ['a pattern, if need be', schema({ code: { type: 'string', pattern: '^[A-Z]{2}$' } }), {}, 'code'],
  ['a format, if need be', schema({ day: { type: 'string', format: 'date' } }), {}, 'day'],
  ['short text, if need be', schema({ code: { type: 'string', maxLength: 20 } }), {}, 'code'],
  ['a string that was given without a schema', undefined, { count: 2, city: 'London' }, 'city'],
  ['nothing', schema({}), {}, null],
])('can carry a text: %s', (_, inputSchema, given, argument) => {
  expect(textArgumentOf(inputSchema, given)).toBe(argument);
});
