import { expect, test } from 'vitest';
import { cityKey } from '../../src/weather/city-key.ts';

test.each([
  ['Paris, FR', ' paris,fr '],
  ['PARIS ,FR', 'paris,fr'],
  ['New   York', 'new york'],
  ['São Paulo'.normalize('NFD'), 'são paulo'.normalize('NFC')],
])('%j and %j are one question', (one, other) => {
  expect(cityKey(one)).toBe(cityKey(other));
});

test('different cities stay different', () => {
  expect(new Set(['Paris', 'Paris,FR', 'Paris,US', 'Par is'].map(cityKey)).size).toBe(4);
});
