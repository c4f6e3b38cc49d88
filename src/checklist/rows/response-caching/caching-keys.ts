import type { CachingHistory } from '../../../evidence/lab/caching.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { argumentsOf, endOf, noCall, succeeded } from '../../reading/lab/calls.ts';
import { inconclusive, type Judgement, pass } from '../../row.ts';
import { callsOf, noOthers, whyUnknown } from './caching.ts';
import { askedOf, judgePair, type Pair } from './key-pair.ts';
import { createUpstreamSets } from './upstream-sets.ts';

/**
 * Judges whether calls with different arguments have their own results. Upstream requests decide, because canned responses are all
 * equal, and a server may write the arguments into a shared result. A call without a request shares one only if a fresh instance
 * sends another request for it.
 */
export function judgeKeyed(history: CachingHistory, lab: LabEvidence): Judgement {
  const { instances } = history;
  const [answers] = instances;
  const first = callsOf(answers, 'first').at(-1);
  const other = callsOf(answers, 'other').at(-1);
  if (first === undefined) return noCall;
  const others = [...(other === undefined ? [] : [other]), ...callsOf(answers, 'varied')];
  const [main] = others;
  if (main === undefined) return inconclusive(noOthers);
  const unknown = whyUnknown(answers, first, main);
  if (unknown !== null) return inconclusive(unknown);
  const elsewhere = [...instances.slice(1), { ...lab.baseline, about: 'baseline' }].map(
    ({ about, ...instance }) => ({
      about,
      asked: askedOf(instance),
    }),
  );
  const pair: Omit<Pair, 'other'> = {
    answers,
    first,
    elsewhere,
    sets: createUpstreamSets([askedOf(answers), ...elsewhere.map(({ asked }) => asked)].flat()),
  };
  const judged = others
    .filter(succeeded)
    .map((one) => ({ other: one, ...judgePair({ ...pair, other: one }) }));
  const [decided, ...more] = judged;
  if (decided === undefined) return inconclusive(noOthers);
  for (const key of ['shared', 'unknown'] as const) {
    const found = judged.find((one) => one.key === key);
    if (found !== undefined) return found.judgement;
  }
  const { judgement } = decided;
  if (judgement.verdict !== 'pass') return judgement;
  const given = (key: string) => more.filter((one) => one.key === key).map((one) => argumentsOf(one.other));
  const also = [
    ...given('own').map((one) => ` It sent a request of its own for ${one} as well.`),
    ...given('same').map((one) => ` For ${one}, a fresh instance sends no other request.`),
    ...others
      .filter((one) => !succeeded(one))
      .map((one) => ` The call with ${argumentsOf(one)} ended ${endOf(one)}.`),
  ];
  return pass([judgement.finding, ...also].join(''), ...(judgement.sources ?? []));
}
