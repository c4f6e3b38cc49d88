import { dripMs } from '../world/gateway/faults/drip.ts';
import type { ExperimentOf } from './experiment.ts';
import { hang } from './shared/hang.ts';

/** The response comes a byte at a time and never ends: a limit on the wait for the next byte does not help. */
export const drippingUpstream: ExperimentOf<'dripping-upstream'> = {
  id: 'dripping-upstream',
  question: 'Does a call end while the upstream drips its response?',
  does: `As \`stalled-upstream\`, while the upstream sends a byte every ${dripMs / 1_000} s without end.`,
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 7,
  run: async (run) => ({ ran: true, history: await hang(run, 'drip') }),
};
