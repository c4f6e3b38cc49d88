import type { CannedAnswers } from '../canned.ts';
import type { Fault } from '../held-request.ts';
import { canned } from './canned.ts';
import { passThrough } from './pass-through.ts';

/** Nothing is wrong: the canned answer where the host is listed, the real upstream elsewhere. */
export function pass(answers: CannedAnswers): Fault {
  const known = canned(answers);
  return (held) => (answers.has(held.host) ? known(held) : passThrough(held));
}
