import type { CannedAnswers } from '../canned.ts';
import type { Fault } from '../held-request.ts';
import { canned } from './canned.ts';
import { passThrough } from './pass-through.ts';

/** No fault: the canned answer if the host is listed, otherwise the real upstream. */
export function pass(answers: CannedAnswers): Fault {
  const known = canned(answers);
  return (held) => (answers.has(held.host) ? known(held) : passThrough(held));
}
