import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeArguments, makeValue } from '../../src/lab/client/arguments.ts';
import { forgedTexts } from '../../src/lab/client/forged-text.ts';
import { textArgumentsOf } from '../../src/lab/client/text-argument.ts';
import { callableTools } from '../../src/lab/client/tool.ts';
import { fuzz } from './cases.ts';
import { change, changed, hostileName, hostileText, hostileValue } from './hostile.ts';

const keywords = [
  ...['type', 'properties', 'required', 'items', 'enum', 'const', 'default', 'examples', 'anyOf', 'oneOf'],
  ...['allOf', 'not', '$ref', '$defs', 'pattern', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'multipleOf', 'additionalProperties', 'prefixItems'],
];

const pattern = fc.constantFrom(
  '(a+)+$',
  '(a|a)*b',
  '((a{0,50}){0,50}){0,50}x',
  '(?<=(x+)+)y',
  '[',
  '^\\p{Lu}+$',
);

/** Schemas as tools have them, with values where nobody expects them. */
const schema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { weight: 5, arbitrary: tie('string') },
    { weight: 3, arbitrary: tie('object') },
    { weight: 1, arbitrary: tie('anything') },
    { weight: 1, arbitrary: hostileValue },
  ),
  string: fc.record(
    {
      type: fc.constantFrom('string', 'number', 'integer', 'array', 'boolean', 'null'),
      pattern,
      minLength: fc.constantFrom(0, 1, 200, 5e8, -1, 1e308),
      maxLength: fc.constantFrom(0, 1, 20, 5e8),
      minItems: fc.constantFrom(0, 1, 20, 1e9),
      minimum: fc.constantFrom(-1e308, 0, 1e308),
      multipleOf: fc.constantFrom(0, 1e-300, 0.1, 1e308),
      $ref: fc.constantFrom('#', '#/%', '#/properties/city', '#/$defs/a', '#/$defs/__proto__', 'http://x/'),
    },
    { requiredKeys: ['type'] },
  ),
  object: fc.record(
    {
      type: fc.constant('object'),
      properties: fc.dictionary(fc.oneof(fc.constantFrom('city', 'days'), hostileName), tie('schema'), {
        maxKeys: 4,
      }),
      required: fc
        .record({ name: fc.oneof(fc.constantFrom('city', 'days'), hostileName), times: fc.nat(100) })
        .map(({ name, times }) => new Array(times).fill(name)),
      anyOf: fc.array(tie('schema'), { maxLength: 3 }),
      $defs: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema')),
    },
    { requiredKeys: ['type', 'properties'] },
  ),
  anything: fc.dictionary(fc.constantFrom(...keywords), fc.oneof(hostileValue, tie('schema')), {
    maxKeys: 5,
  }),
})).schema;

it('a tool’s schema neither stops nor stalls who makes arguments for it', async () => {
  const ends = await fuzz({
    cases: fc.record({
      inputSchema: schema,
      changes: fc.array(change, { maxLength: 2 }),
      variant: fc.nat(50),
      name: hostileText,
    }),
    count: 2_000,
    budgetMs: 1_000,
    check: ({ inputSchema, changes, variant, name }) => {
      const twisted = changed(inputSchema, changes) as Parameters<typeof makeValue>[0];
      const made = makeArguments(twisted, variant);
      if (typeof twisted === 'object' && twisted !== null) makeValue(twisted, 'city', variant);
      forgedTexts(textArgumentsOf(twisted, made ?? {}));
      callableTools({}, [{ name, annotations: { readOnlyHint: true }, inputSchema: twisted } as never]);
      const size = JSON.stringify(made)?.length ?? 0;
      if (size > 100_000) throw new Error(`The arguments have ${size} characters.`);
      return made === undefined ? 'none' : 'made';
    },
  });
  expect(ends.made, JSON.stringify(ends)).toBeGreaterThan(200);
});
