/** Many, so that no cache knows all of them. The last begins like the first, as the key of a cache may. */
const places = [
  ...['London', 'Paris', 'Berlin', 'Tokyo', 'Madrid', 'Rome', 'Vienna', 'Oslo', 'Lisbon', 'Dublin'],
  ...['Prague', 'Warsaw', 'Helsinki', 'Athens', 'Lima', 'Cairo', 'Delhi', 'Seoul', 'Sydney', 'Toronto'],
  'Londonderry',
];

/** Values that most services accept, by the ending of the parameter's name. */
const byName: [RegExp, readonly (string | number)[]][] = [
  [/country(_?code)?$/i, ['GB', 'FR', 'DE', 'JP']],
  [/lat(itude)?$/i, [51.5, 48.9, 52.5, 35.7, 40.4, 41.9, 48.2, 59.3, 60.2, 55.7]],
  [/(lon|lng|longitude)$/i, [-0.1, 2.4, 13.4, 139.7, -3.7, 12.5, 16.4, 18.1, 24.9, 12.6]],
  [/(lang|language|locale)$/i, ['en', 'fr', 'de', 'ja']],
  [/(url|uri|link)$/i, ['https://example.com/', 'https://example.org/', 'https://example.net/']],
  [/(date|day)$/i, ['2026-01-15', '2026-01-16', '2026-01-17', '2026-01-18']],
  [/e?mail$/i, ['someone@example.com', 'another@example.com']],
  [/./, places],
];

/** By JSON Schema's `format` (draft 2020-12, validation, section 7.3). */
const byFormat = new Map<unknown, readonly string[]>([
  ['date', ['2026-01-15', '2026-01-16', '2026-01-17']],
  ['date-time', ['2026-01-15T12:00:00Z', '2026-01-16T12:00:00Z', '2026-01-17T12:00:00Z']],
  ['email', ['someone@example.com', 'another@example.com']],
  ['hostname', ['example.com', 'example.org']],
  ['ipv4', ['192.0.2.1', '192.0.2.2']],
  ['time', ['12:00:00Z', '13:00:00Z']],
  ['uri', ['https://example.com/', 'https://example.org/']],
  ['uuid', ['6f1c6f5e-3c55-4d3f-9d0b-0f2a6f0c1a01', '6f1c6f5e-3c55-4d3f-9d0b-0f2a6f0c1a02']],
]);

/** Longer than any of these endings. */
const endingCharacters = 20;

/** A value that most services accept for a parameter of this name. Undefined: the name is empty. */
export function sampleByName(name: string, variant: number): string | number | undefined {
  const ending = name.slice(-endingCharacters);
  return pick(byName.find(([names]) => names.test(ending))?.[1] ?? [], variant);
}

/** A text in a `format` of JSON Schema. Undefined: the format is unknown. */
export function sampleByFormat(format: unknown, variant: number): string | undefined {
  return pick(byFormat.get(format) ?? [], variant);
}

/** Another value for another variant, as far as there are any. */
export function pick<T>(values: readonly T[], variant: number): T | undefined {
  return values[variant % Math.max(1, values.length)];
}
