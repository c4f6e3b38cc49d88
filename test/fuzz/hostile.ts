import fc from 'fast-check';

/** Names that every object has, and others that have brought programs down. */
export const hostileName = fc.constantFrom(
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'then', 'length'],
  ...['', ' ', '.', '..', '*', '$ref', '%', '-', '0', 'NaN', 'null', 'get_weather\n::error::', '\u202e'],
);

const pieces = [
  ...[
    'sk-',
    'ghp_',
    'AKIA',
    'eyJ',
    'xoxb-',
    '-----BEGIN PRIVATE KEY-----',
    'https://a:b@',
    '?key=',
    '%',
    '\\n',
  ],
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    '"',
    "'",
    '\\',
    '{',
    '[',
    '(',
    '<',
    '${A',
    '&#',
    '::',
    '##[',
    'a',
    'é',
    '💥',
    '0',
  ],
  ...['at x (/srv/app/', 'data: ', 'event: ', '[31m', '\u001b]0;', ': ', '- ', '&a ', '*a ', '\ud800', '\0'],
];

/** Up to some hundred thousand characters. */
export const longText = fc
  .record({ piece: fc.constantFrom(...pieces), times: fc.integer({ min: 1, max: 40_000 }) })
  .map(({ piece, times }) => piece.repeat(times));

export const shortText = fc.oneof(
  hostileName,
  fc.constantFrom(
    ...['\r\n::error::x', '##[error]x', '<script>x</script>', ']]>', '../../etc/passwd', '//evil.example/'],
    ...['http://169.254.169.254/', 'file:///etc/passwd', '#/%', '#/properties', 'Infinity', '1e309', '-1'],
    ...['2025-03-26', '2026-07-28', '0000-00-00', 'text/event-stream', 'application/json', 'gzip', 'GET'],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((list) => list.join('')),
);

export const hostileText = fc.oneof({ weight: 9, arbitrary: shortText }, { weight: 1, arbitrary: longText });

const hostileNumber = fc.constantFrom(
  ...[0, -0, 1, -1, 0.1, 1e308, -1e308, 5e8, 2 ** 31, 2 ** 53, 2 ** 64, Number.MIN_VALUE, 429, 999],
);

const nested = fc
  .record({ depth: fc.integer({ min: 1, max: 3_000 }), inArray: fc.boolean() })
  .map(({ depth, inArray }) => {
    let value: unknown = null;
    for (let level = 0; level < depth; level += 1) value = inArray ? [value] : { properties: value };
    return value;
  });

const scalar = fc.oneof(fc.constantFrom(null, true, false), hostileNumber, hostileText);

/** Any JSON value, flat or deep, short or long. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 6 }) },
  { weight: 2, arbitrary: fc.dictionary(hostileName, scalar, { maxKeys: 6 }) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5_000 }).map((times) => new Array(times).fill('x')) },
);

/** One change of a JSON value: where, by a number for each level, and what. */
export const change = fc.record({
  path: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 9 }),
  how: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'rename', 'repeat'),
  name: hostileName,
  value: hostileValue,
});

export type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

/** The value with these changes, each somewhere in it. The given one stays as it is. */
export function changed(value: unknown, changes: readonly Change[]): unknown {
  return changes.reduce<unknown>((result, { path, ...what }) => changeAt(result, path, what), value);
}

function changeAt(value: unknown, [step, ...rest]: number[], what: Omit<Change, 'path'>): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return what.value;
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = Object.entries(value);
  const at = step % Math.max(1, entries.length);
  const [key, inner] = entries[at] ?? [what.name, null];
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    entries[at] = [key, changeAt(inner, rest, what)];
  } else if (what.how === 'drop') entries.splice(at, 1);
  else if (what.how === 'rename') entries[at] = [what.name, inner];
  else if (what.how === 'repeat') entries.push(...new Array(50).fill([what.name, inner]));
  else entries[at] = [key, what.value];
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
