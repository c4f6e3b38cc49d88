import { describe, expect, it } from 'vitest';
import {
  type Criterion,
  fail,
  inconclusive,
  notApplicable,
  pass,
  type Row,
} from '../../src/checklist/row.ts';
import { evaluate } from '../../src/score/evaluate.ts';
import { project, recordWire } from '../support/evidence.ts';

const evidence = { wire: recordWire().wire, project: project(), notices: [] };

function row(...criteria: Partial<Criterion>[]): Row {
  return {
    id: 'row',
    title: 'Row',
    category: 'Security',
    level: 'required',
    why: '',
    fix: '',
    basis: [],
    criteria: criteria.map((criterion, index) => ({
      id: `c${index}`,
      kind: 'core',
      title: `C${index}`,
      ...criterion,
    })),
  };
}
const seen = (judgement: ReturnType<typeof pass>) => ({ observed: () => judgement });
const extra = (judgement: ReturnType<typeof pass>) => ({ kind: 'extra' as const, ...seen(judgement) });
const verdictOf = (...criteria: Partial<Criterion>[]) => evaluate(row(...criteria), evidence).verdict;

describe('the verdict of a row', () => {
  it.each([
    ['pass', [seen(pass('ok'))]],
    ['pass', [seen(pass('ok')), seen(inconclusive('?'))]],
    ['fail', [seen(pass('ok')), seen(fail('bad'))]],
    ['fail', [seen(fail('bad')), extra(pass('ok'))]],
    ['partial', [seen(pass('ok')), extra(fail('bad'))]],
    ['pass', [seen(pass('ok')), extra(inconclusive('?'))]],
    ['unknown', [seen(inconclusive('?'))]],
    ['unknown', [seen(inconclusive('?')), extra(fail('bad'))]],
    ['not-applicable', [seen(notApplicable('none'))]],
    ['unknown', [seen(notApplicable('none')), seen(inconclusive('?'))]],
    ['unknown', [{ supporting: true, ...seen(pass('ok')) }, seen(inconclusive('?'))]],
    ['fail', [{ supporting: true, ...seen(fail('bad')) }, seen(inconclusive('?'))]],
  ] as const)('is %s', (verdict, criteria) => {
    expect(verdictOf(...criteria)).toBe(verdict);
  });

  it('gives a partial row 60 % and its share of the extras', () => {
    const points = (...judgements: ReturnType<typeof pass>[]) =>
      evaluate(row(seen(pass('ok')), ...judgements.map(extra)), evidence).points.earned;
    expect(points(fail('a'))).toBe(6);
    expect(points(fail('a'), pass('b'))).toBe(8);
    expect(points(fail('a'), pass('b'), inconclusive('c'))).toBe(8);
    expect(points(fail('a'), pass('b'), pass('c'), pass('d'))).toBe(9);
  });
});

describe('evidence of different strength', () => {
  const both = (declared: ReturnType<typeof pass>, observed: ReturnType<typeof pass>) =>
    evaluate(row({ declared: () => declared, observed: () => observed }), evidence);

  it('lets the stronger decide and reports what disagrees', () => {
    const result = both(pass('the file says so'), fail('it does not'));
    expect(result).toMatchObject({ verdict: 'fail', proof: 'observed' });
    expect(result.contradictions).toEqual(['C0: declared "the file says so", but observed "it does not"']);
    expect(both(fail('no'), pass('yes'))).toMatchObject({
      verdict: 'pass',
      contradictions: [expect.any(String)],
    });
  });

  it('reports nothing when both agree', () => {
    expect(both(pass('a'), pass('b')).contradictions).toEqual([]);
  });

  it('takes the weaker when the stronger saw nothing', () => {
    expect(both(pass('declared'), inconclusive('not seen'))).toMatchObject({
      verdict: 'pass',
      proof: 'declared',
    });
  });
});
