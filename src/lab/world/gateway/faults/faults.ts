import type { FaultName } from '../../../../evidence/lab/gateway.ts';
import type { CannedAnswers } from '../canned.ts';
import type { Fault } from '../held-request.ts';
import { drip } from './drip.ts';
import { pass } from './pass.ts';
import { reset } from './reset.ts';
import { serverError } from './server-error.ts';
import { slow } from './slow.ts';
import { stall } from './stall.ts';
import { tooManyRequests } from './too-many-requests.ts';

/** `refuse` is not an answer: the gateway closes its listener. */
export type RequestFault = Exclude<FaultName, 'refuse'>;

export function createFaults(answers: CannedAnswers): Record<RequestFault, Fault> {
  const answer = pass(answers);
  return {
    pass: answer,
    slow: slow(answer),
    stall,
    drip,
    reset,
    'server-error': serverError,
    'too-many-requests': tooManyRequests,
  };
}
