import { describe, expect, it } from 'vitest';
import { forgedTexts, piecesOf } from '../../../src/lab/client/forged-text.ts';
import { textArgumentsOf } from '../../../src/lab/client/text-argument.ts';

const textsFor = (properties: Record<string, unknown>, given: Record<string, unknown> = {}) =>
  forgedTexts(textArgumentsOf({ type: 'object', properties }, given)).map((forged) => ({
    ...forged.forgery,
    arguments: forged.arguments,
  }));
const textFor = (property: Record<string, unknown>) => {
  const [forged] = textsFor({ city: { type: 'string', ...property } });
  if (forged === undefined) throw new Error('There is one argument.');
  return forged;
};

describe('a forged text', () => {
  it('is a whole entry where it fits', () => {
    const { text, line, marker, allowed, arguments: given } = textFor({ maxLength: 200 });
    expect(text).toBe(`x"\u001b[2K\n${line}\n`);
    expect(JSON.parse(line)).toEqual({ time: expect.any(String), level: 'error', message: marker });
    expect(allowed).toBe(true);
    expect(given).toEqual({ city: text });
  });

  it.each([80, 60, 23, 20, 14])('holds a quote, a newline and a JSON line in %i characters', (maxLength) => {
    const { text, line, marker, allowed } = textFor({ maxLength });
    expect(text.length).toBeLessThanOrEqual(maxLength);
    expect(text).toContain('"\n');
    expect(Object.entries(JSON.parse(line)).flat()).toContain(marker);
    expect(allowed).toBe(true);
  });

  it.each([
    [13, /^"\n[b-z]{6}$/],
    [5, /^"\n[b-z]{3}$/],
    [2, /^"\n$/],
    [1, /^"$/],
  ])('can break a line in %i characters', (maxLength, text) => {
    expect(textFor({ maxLength })).toMatchObject({ text: expect.stringMatching(text), allowed: true });
  });

  it.each([
    ['no newline', '^[^\\n]+$', /^"[b-z]{6}$/, ''],
    ['no quote', '^[a-z\\s]+$', /^x\n[b-z]{6}$/, expect.stringMatching(/^[b-z]{6}$/)],
  ])('fits a pattern that allows %s', (_, pattern, text, line) => {
    expect(textFor({ pattern })).toMatchObject({ text: expect.stringMatching(text), line, allowed: true });
  });

  it.each([
    ['a pattern without newlines', { pattern: '^[^\\n]+$' }, [true, false]],
    ['a pattern without quotes', { pattern: '^[a-z\\s]+$' }, [true, false]],
    ['none', {}, [true]],
  ])('is also sent whole against %s', (_, property, allowed) => {
    const all = textsFor({ city: { type: 'string', ...property } });
    expect(all.map((one) => one.allowed)).toEqual(allowed);
    if (all.length > 1) expect(all[1]?.text).toContain('FORGED-');
  });

  it('has pieces, which show why a server refused it', () => {
    const pieces = (property: Record<string, unknown>) =>
      forgedTexts(textArgumentsOf({ type: 'object', properties: { city: property } }, {}))
        .flatMap(piecesOf)
        .map(({ forgery }) => forgery.text);
    const all = pieces({ type: 'string' });
    expect(all).toEqual(
      [/^x"[b-z]{6}$/, /^x\n[b-z]{6}$/, /^x[b-z]{6}$/].map((one) => expect.stringMatching(one)),
    );
    expect(pieces({ type: 'string', maxLength: 7 })).toEqual([expect.stringMatching(/^x[b-z]{6}$/)]);
  });

  it('is long enough', () => {
    const { text, allowed } = textFor({ minLength: 500 });
    expect([text.length, allowed]).toEqual([500, true]);
  });

  it('begins with the address that was given', () => {
    const [forged] = textsFor({ page: { type: 'string' } }, { page: 'https://example.com/' });
    expect(forged?.text).toMatch(/^https:\/\/example\.com\/"/);
  });

  it('is sent where the schema forbids it, after the others and at most five times', () => {
    expect(textFor({ enum: ['metric'] })).toMatchObject({
      allowed: false,
      text: expect.stringContaining('FORGED-'),
    });
    const all = textsFor({
      units: { enum: ['metric'] },
      short: { type: 'string', maxLength: 20 },
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { type: 'string' }])),
    });
    expect(all.map(({ argument }) => argument)).toEqual(['a', 'b', 'c', 'd', 'short']);
    expect(new Set(all.map(({ marker }) => marker)).size).toBe(5);
  });

  it('is the name and the value of an unknown argument where no argument takes text', () => {
    const [other, unknown] = textsFor({ days: { type: 'integer' } }, { days: 3 });
    expect(other).toMatchObject({ argument: 'days', by: 'other-type', allowed: false });
    expect(unknown?.arguments).toEqual({ days: 3, [unknown?.text ?? '']: unknown?.text });
  });
});
