import { describe, expect, it } from 'vitest';
import { createDepthGauge, parseBounded } from '../../src/protocol/bounded-json.ts';
import { isObject, ownValue, parseJson, parseObject } from '../../src/text/json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

it.each([
  ['{"a":1}', { a: 1 }],
  ['[1]', undefined],
  ['null', undefined],
  ['"{}"', undefined],
  ['{', undefined],
  ['', undefined],
])('%j as an object', (text, expected) => {
  expect(parseObject(text)).toEqual(expected);
});

it('an object has under a name what it has by itself', () => {
  expect(ownValue({ a: 1 }, 'a')).toBe(1);
  expect(ownValue({}, 'constructor')).toBeUndefined();
  expect(ownValue(['a'], '0')).toBeUndefined();
  expect(ownValue(null, 'a')).toBeUndefined();
  expect(isObject([])).toBe(false);
});

describe('JSON of a server', () => {
  it('is parsed like any other while it does not nest too deep', () => {
    expect(parseBounded('{"a":[1]}')).toEqual({ a: [1] });
    expect(parseBounded('{')).toBeUndefined();
    expect(parseBounded(nested(1_000))).toEqual(parseJson(nested(1_000)));
    expect(parseBounded(nested(1_001))).toBeUndefined();
  });

  it('tells piece by piece whether it does, and brackets within strings do not count', () => {
    const gauge = createDepthGauge();
    expect(gauge(`"${'['.repeat(2_000)}`)).toBe(false);
    expect(gauge(`\\"${'['.repeat(2_000)}"`)).toBe(false);
    expect(gauge('['.repeat(1_000))).toBe(false);
    expect(gauge('[')).toBe(true);
  });
});
