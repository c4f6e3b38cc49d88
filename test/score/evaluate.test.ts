import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import {
  type Criterion,
  fail,
  inconclusive,
  notApplicable,
  pass,
  type Row,
} from '../../src/checklist/row.ts';
import { type ProjectPart, projectParts } from '../../src/evidence/project-part.ts';
import { evaluate } from '../../src/score/evaluate.ts';
import { project, recordWire } from '../support/evidence.ts';
import { noRemedies } from '../support/rows.ts';

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
    remedies: noRemedies,
    headline: '',
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

describe('a project that was not read to its end', () => {
  const unread = (because: 'time' | 'size') => ({
    project: project({ unfinished: [{ part: 'deployment', because }] }),
    notices: [],
  });
  const judged = (criterion: Partial<Criterion>, because: 'time' | 'size' = 'time') =>
    evaluate(row(criterion), unread(because)).criteria[0];

  it.each([pass('all is well'), fail('nothing is declared'), notApplicable('there is none')])(
    'gives no verdict: $verdict',
    (judgement) => {
      expect(judged({ declared: () => judgement })).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringMatching(/ran out of time .*--budget/),
      });
      expect(judged({ declared: () => judgement }, 'size')?.reason).toMatch(/is too large to read/);
    },
  );

  it('is judged by the parts that were read', () => {
    expect(judged({ declared: () => pass('ok'), reads: ['source'] })).toMatchObject({ verdict: 'pass' });
    expect(judged({ declared: () => pass('ok'), reads: ['source', 'deployment'] })).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('fails by what is there', () => {
    expect(judged({ declared: () => fail('a key'), failureStands: true })).toMatchObject({ verdict: 'fail' });
    expect(judged({ declared: () => pass('none'), failureStands: true })).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('leaves alone what was seen over the wire', () => {
    const both = row({ declared: () => pass('file'), observed: () => fail('answer') });
    expect(evaluate(both, { ...evidence, ...unread('time') }).verdict).toBe('fail');
  });
});

describe('every criterion of the checklist', () => {
  const declared = profiles.extended.flatMap((one) =>
    one.criteria.flatMap((criterion) => (criterion.declared ? [{ one, criterion }] : [])),
  );
  const empty = project({ unfinished: projectParts.map((part) => ({ part, because: 'time' as const })) });

  it.each(declared)('says nothing of files that were not read: $criterion.id', ({ one, criterion }) => {
    const only: Row = { ...one, criteria: [criterion] };
    const [result] = evaluate(
      { ...only, criteria: [{ ...criterion, id: 'c' }] },
      { project: empty, notices: [] },
    ).criteria;
    expect(result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('--budget') });
  });

  it.each(declared)('names the parts that it reads: $criterion.id', ({ criterion }) => {
    const read = new Set<string>();
    const watched = new Proxy(project(), {
      get: (target, key) => {
        read.add(String(key));
        return Reflect.get(target, key);
      },
    });
    criterion.declared?.(watched, { project: watched, notices: [] });
    const parts: Record<string, ProjectPart> = {
      ...Object.fromEntries(
        [
          'dockerfiles',
          'compose',
          'workloads',
          'ignores',
          'envFiles',
          'envFilesWithSecrets',
          'lockfiles',
          'unread',
        ].map((key) => [key, 'deployment' as const]),
      ),
      observability: 'observability',
      literalSecrets: 'secrets',
      source: 'source',
    };
    const expected = [...read].flatMap((key) => parts[key] ?? []);
    expect(criterion.reads ?? ['deployment']).toEqual(expect.arrayContaining(expected));
  });
});
