import { expect, it } from 'vitest';
import { fingerprintOf, partsOf } from '../../../src/lab/world/gateway/request-parts.ts';

const mask = (text: string) => text.replaceAll('s3cret', '***');
const parts = (path: string, body = '') =>
  partsOf(new URL(path, 'https://api.test'), Buffer.from(body), mask);
const names = (...given: Parameters<typeof parts>) => parts(...given).map(({ name }) => name);

it('a request has its query and the fields of its body as parts', () => {
  expect(names('/?city=London&key=s3cret&s3cret=1')).toEqual(['query city', 'query key', 'query ***']);
  expect(names('/?q=1', '{"query":"{ weather }","variables":{"city":"London"}}')).toEqual([
    'query q',
    'body query',
    'body variables',
  ]);
  expect(names('/', 'city=London&units=metric')).toEqual(['body city', 'body units']);
  expect(names('/', '<city>London</city>')).toEqual(['body']);
  expect(names('/', '["London"]')).toEqual(['body']);
  expect(names('/')).toEqual([]);
  expect(names(`/?${'a=1&'.repeat(40)}`).length).toBe(31);
});

it('parts with equal values have equal digests, which show no value', () => {
  const [london, key] = parts('/?city=London&key=s3cret');
  expect(parts('/?key=s3cret&city=London').map(({ digest }) => digest)).toEqual([
    key?.digest,
    london?.digest,
  ]);
  expect(parts('/', '{"city":"Paris"}')[0]?.digest).not.toBe(parts('/', '{"city":"Rome"}')[0]?.digest);
  expect(JSON.stringify([london, key])).not.toMatch(/London|s3cret/);
  expect(fingerprintOf('GET', new URL('https://api.test/?a=1'), Buffer.alloc(0))).not.toBe(
    fingerprintOf('GET', new URL('https://api.test/?a=2'), Buffer.alloc(0)),
  );
});
