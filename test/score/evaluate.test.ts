import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import { readsLab } from '../../src/checklist/reading/lab/proven-by.ts';
import {
  type Criterion,
  fail,
  inconclusive,
  notApplicable,
  pass,
  type Row,
} from '../../src/checklist/row.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { type ProjectPart, projectParts } from '../../src/evidence/project-part.ts';
import { evaluate, headlineFirst } from '../../src/score/evaluate.ts';
import { project, recordWire } from '../support/evidence.ts';
import { labOf } from '../support/lab-evidence.ts';
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
    ['partial', [seen(pass('ok')), seen(inconclusive('?'))]],
    ['pass', [seen(pass('ok')), seen(notApplicable('none'))]],
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
});

describe('the points of a row', () => {
  const [ok, bad, open, none] = [pass('ok'), fail('bad'), inconclusive('?'), notApplicable('none')];
  const supporting = { supporting: true as const, ...seen(ok) };

  it.each([
    ['all that passed', [10, 0, 0], [1, 1], [seen(ok), extra(ok)]],
    ['an extra that was not assessed', [10, 0, 0], [1, 1], [seen(ok), extra(open)]],
    ['a failure', [0, 10, 0], [1, 2], [seen(bad), seen(open)]],
    ['nothing seen', [0, 0, 10], [0, 2], [seen(open), seen(open)]],
    ['nothing seen that carries', [0, 0, 10], [1, 2], [supporting, seen(open)]],
    ['half of the core', [5, 0, 5], [1, 2], [seen(ok), seen(open)]],
    ['what does not apply', [10, 0, 0], [1, 1], [seen(ok), seen(none)]],
    ['three of four', [7.5, 0, 2.5], [3, 4], [seen(ok), seen(ok), supporting, seen(open)]],
    ['a failed extra', [6, 4, 0], [1, 1], [seen(ok), extra(bad)]],
    ['one extra of two', [8, 2, 0], [1, 1], [seen(ok), extra(bad), extra(ok)]],
    ['one extra of two, and an open one', [8, 2, 0], [1, 1], [seen(ok), extra(bad), extra(ok), extra(open)]],
    ['one extra of four', [9, 1, 0], [1, 1], [seen(ok), extra(bad), extra(ok), extra(ok), extra(ok)]],
    ['half of the core and a failed extra', [3, 2, 5], [1, 2], [seen(ok), seen(open), extra(bad)]],
  ] as const)('%s', (_, [earned, lost, unassessed], [core, of], criteria) => {
    expect(evaluate(row(...criteria), evidence)).toMatchObject({
      points: { earned, lost, unassessed, possible: 10 },
      seen: { core, of },
    });
  });
});

describe('evidence of different strength', () => {
  const both = (declared: ReturnType<typeof pass>, observed: ReturnType<typeof pass>) =>
    evaluate(row({ declared: () => declared, observed: () => observed }), evidence);

  it('lets the stronger decide and reports the contradiction', () => {
    const result = both(pass('the file says so'), fail('it does not'));
    expect(result).toMatchObject({ verdict: 'fail', proof: 'observed' });
    expect(result.contradictions).toEqual([
      'C0: the files say "the file says so", but the running server shows "it does not"',
    ]);
    expect(both(fail('no'), pass('yes'))).toMatchObject({
      verdict: 'pass',
      contradictions: [expect.any(String)],
    });
  });

  it('reports no contradiction when both agree', () => {
    expect(both(pass('a'), pass('b')).contradictions).toEqual([]);
  });

  it('uses the weaker when the stronger is inconclusive', () => {
    expect(both(pass('declared'), inconclusive('not seen'))).toMatchObject({
      verdict: 'pass',
      proof: 'declared',
    });
  });
});

describe('an attestation', () => {
  const attestable = { attestable: { by: 'an agent on every node' } };
  const attested = { attested: { 'row/c0': 'Datadog' } };
  const judged = (criterion: Partial<Criterion>) =>
    evaluate(row({ ...attestable, ...criterion }), { ...evidence, ...attested });

  it('answers what nothing else shows', () => {
    expect(judged(seen(inconclusive('?')))).toMatchObject({ verdict: 'pass', proof: 'attested' });
    expect(judged({}).criteria[0]?.finding).toBe('Attested: Datadog');
  });

  it('gives way to evidence that says the same', () => {
    expect(judged({ declared: () => pass('yes') })).toMatchObject({ proof: 'declared', contradictions: [] });
  });

  it('fails when evidence contradicts it', () => {
    expect(judged({ declared: () => fail('driver: none') })).toMatchObject({
      verdict: 'fail',
      contradictions: ['C0: the configuration says "Attested: Datadog", but the files say "driver: none"'],
    });
  });

  it('is not needed where evidence shows that the criterion does not apply', () => {
    const declared = () => notApplicable('no deployment');
    expect(judged({ declared }).criteria[0]).toMatchObject({ verdict: 'not-applicable', proof: null });
  });

  describe('about what stands in front of the server', () => {
    const gateway = { attestable: { by: 'limits at the gateway', inFront: true as const } };
    const proven = { proven: readsLab('all', () => fail('120 requests met no limit.', lost)) };
    const lost = { experiment: 'rate-limit', atMs: 5, text: 'the burst ended' };
    const alone = (ownWire: boolean) => ({ ...evidence, ...attested, lab: labOf({}, { ownWire }) });
    const first = (criterion: Partial<Criterion>, all: Evidence) =>
      evaluate(row({ ...gateway, ...criterion }), all);

    it('stands where the bare server of the lab fails, and says so', () => {
      const finding = 'Attested: Datadog. In the lab the server itself failed: 120 requests met no limit.';
      const itself = { verdict: 'pass', proof: 'attested', finding, sources: [lost] };
      expect(first(proven, alone(false))).toMatchObject({ criteria: [itself], contradictions: [] });
      const wire = first(seen(fail('120 requests met no limit.', lost)), alone(true));
      expect(wire).toMatchObject({ criteria: [itself], contradictions: [] });
    });

    it('fails where the server at the named URL fails, whatever the lab shows', () => {
      const failure = { verdict: 'fail', proof: 'observed', contradictions: [expect.any(String)] };
      expect(first(seen(fail('no limit')), { ...evidence, ...attested })).toMatchObject(failure);
      expect(first({ ...proven, ...seen(fail('no limit')) }, alone(false))).toMatchObject(failure);
    });

    it('is not needed where the server itself passes', () => {
      const passes = { proven: readsLab('all', () => pass('429')) };
      expect(first(passes, alone(true))).toMatchObject({ verdict: 'pass', proof: 'proven' });
    });

    it('does not excuse what is not in front', () => {
      expect(evaluate(row({ ...attestable, ...proven }), alone(false)).verdict).toBe('fail');
    });
  });

  it('does not count for a criterion that the project itself must show', () => {
    expect(evaluate(row(seen(inconclusive('?'))), { ...evidence, ...attested }).verdict).toBe('unknown');
  });
});

describe('the headline of a row', () => {
  // c1 is the row's own headline.
  const headlined = (...criteria: Partial<Criterion>[]) =>
    evaluate({ ...row(...criteria), headline: 'c1' }, { ...evidence, lab: labOf() });
  const [ok, bad, open, none] = [pass('ok'), fail('bad'), inconclusive('?'), notApplicable('none')];
  const proven = (judgement: ReturnType<typeof pass>) => ({ proven: readsLab('all', () => judgement) });
  const supporting = (judgement: ReturnType<typeof pass>) => ({
    supporting: true as const,
    ...seen(judgement),
  });

  it.each([
    ['fail', 'c1', 'failed', [seen(bad), seen(bad)]],
    ['fail', 'c0', 'the first failure, where the headline passed', [seen(bad), seen(ok), seen(bad)]],
    ['fail', 'c2', 'the first failure, where the headline is open', [seen(ok), seen(open), seen(bad)]],
    ['fail', 'c0', 'a supporting failure', [supporting(bad), seen(ok)]],
    ['fail', 'c2', 'a core failure before an extra', [extra(bad), extra(bad), seen(bad)]],
    ['pass', 'c1', 'passed', [seen(ok), seen(ok)]],
    ['pass', 'c1', 'passed, and supports only', [seen(ok), supporting(ok)]],
    ['partial', 'c0', 'the first that carries, where the headline is open', [seen(ok), seen(open), seen(ok)]],
    ['partial', 'c2', 'one that carries before a supporting one', [supporting(ok), seen(open), seen(ok)]],
    ['partial', 'c2', 'the strongest evidence', [seen(ok), seen(open), proven(ok)]],
    ['pass', 'c2', 'core, where the headline is an extra', [extra(ok), extra(ok), seen(ok)]],
    ['partial', 'c1', 'passed', [seen(ok), seen(ok), extra(bad)]],
    ['partial', 'c2', 'one that carries', [extra(bad), seen(open), seen(ok)]],
    ['unknown', 'c1', 'open', [seen(open), seen(open)]],
    ['unknown', 'c0', 'open, where the headline does not apply', [seen(open), seen(none)]],
    [
      'unknown',
      'c2',
      'open, where the headline passed and supports only',
      [extra(bad), supporting(ok), seen(open)],
    ],
    ['not-applicable', 'c1', 'not applicable', [seen(none), seen(none)]],
    ['not-applicable', 'c0', 'not applicable, where the headline is open', [seen(none), supporting(open)]],
  ] as const)('%s: %s, %s', (verdict, headline, _, criteria) => {
    const result = headlined(...criteria);
    expect(result).toMatchObject({ verdict, headline });
    expect(result.criteria.map(({ id }) => id)).toEqual(criteria.map((_, index) => `c${index}`));
    const [first, ...others] = headlineFirst(result).map(({ id }) => id);
    expect(first).toBe(headline);
    expect(others).toEqual(criteria.map((_, index) => `c${index}`).filter((id) => id !== headline));
  });
});

describe('the reason of an open criterion, and what would settle it', () => {
  const files = { declared: () => inconclusive('The files say nothing.') };
  const wired = { observed: () => inconclusive('The server said nothing.') };
  const tried = { proven: readsLab('all', () => inconclusive('The call never failed.')) };
  const silent = { proven: readsLab('all', () => undefined) };
  const { wire, project: read } = evidence;
  const lab = labOf();

  it.each<[string, Partial<Criterion>, Partial<Evidence>]>([
    ['The files say nothing.', files, { project: read }],
    ['The files say nothing. To settle this, add --lab.', { ...files, ...tried }, { project: read }],
    [
      'The files say nothing. To settle this, audit the running server by its URL.',
      { ...files, ...wired },
      { project: read },
    ],
    [
      'The files say nothing. To settle this, audit the running server by its URL or add --lab.',
      { ...files, ...wired, ...tried },
      { project: read },
    ],
    ['The server said nothing.', { ...files, ...wired, ...tried }, { project: read, wire }],
    ['The call never failed.', { ...files, ...wired, ...tried }, { project: read, wire, lab }],
    ['The files say nothing.', { ...files, ...silent }, { project: read, lab }],
    [
      'The files say nothing. To settle this, audit the running server by its URL.',
      { ...files, ...wired, ...silent },
      { project: read, lab },
    ],
    [
      'Count the requests: add --lab.',
      { declared: () => inconclusive('Count the requests: add --lab.'), ...tried },
      { project: read },
    ],
    [
      'Nothing to judge.',
      { declared: () => notApplicable('Nothing to judge.'), ...tried },
      { project: read },
    ],
    [
      'Not assessed: this needs the project’s files (--project <dir>), a running server (its URL) or an experiment (--lab).',
      { ...files, ...wired, ...tried },
      {},
    ],
    ['Not assessed: this needs a running server (its URL).', { ...wired, ...silent }, { lab }],
    ['Not assessed: this needs other evidence.', silent, { lab }],
    [
      'Only an experiment can show this. Add --lab to run it.',
      { ...files, ...tried, experiment: 'run it' },
      {},
    ],
    [
      'The files say nothing. To settle this, add --lab.',
      { ...files, ...tried, experiment: 'run it' },
      { project: read },
    ],
  ])('%s', (reason, criterion, given) => {
    const [result] = evaluate(row(criterion), { notices: [], ...given }).criteria;
    expect(result).toMatchObject({ proof: null, finding: '', reason });
  });

  it.each([
    ['The project’s files or an experiment can settle this. Add --project <dir>, or --lab to run it.', {}],
    ['Only an experiment can show this. Add --lab to run it.', { project: read }],
  ])('names the files where they can settle the row: %s', (reason, given) => {
    const tested = { ...row({ ...tried, experiment: 'run it' }, files), headline: 'c0' };
    expect(evaluate(tested, { notices: [], ...given }).criteria[0]?.reason).toBe(reason);
  });
});

describe('a project that was not read completely', () => {
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

  it('keeps its own advice', () => {
    const both = { declared: () => inconclusive('?'), proven: readsLab('all', () => pass('ok')) };
    expect(judged(both)?.reason).toMatch(/--budget <ms>\.$/);
  });

  it('is judged by the parts that were read', () => {
    expect(judged({ declared: () => pass('ok'), reads: ['source'] })).toMatchObject({ verdict: 'pass' });
    expect(judged({ declared: () => pass('ok'), reads: ['source', 'deployment'] })).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('fails by what was read', () => {
    expect(judged({ declared: () => fail('a key'), failureStands: true })).toMatchObject({ verdict: 'fail' });
    expect(judged({ declared: () => pass('none'), failureStands: true })).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('does not change a verdict over the wire', () => {
    const both = row({ declared: () => pass('file'), observed: () => fail('answer') });
    expect(evaluate(both, { ...evidence, ...unread('time') }).verdict).toBe('fail');
  });
});

describe('every criterion of the checklist', () => {
  const declared = profiles.extended.flatMap((one) =>
    one.criteria.flatMap((criterion) => (criterion.declared ? [{ one, criterion }] : [])),
  );
  const empty = project({ unfinished: projectParts.map((part) => ({ part, because: 'time' as const })) });

  it.each(declared)('has no verdict on files that were not read: $criterion.id', ({ one, criterion }) => {
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
