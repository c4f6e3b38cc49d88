import type { ExperimentOf } from './experiment.ts';
import { hang } from './shared/hang.ts';

/** The upstream takes the request and sends nothing. */
export const stalledUpstream: ExperimentOf<'stalled-upstream'> = {
  id: 'stalled-upstream',
  question: 'Does a call end while the upstream stalls?',
  does: 'Calls a tool while the upstream does not respond. Meanwhile asks for health, the list of tools and a cached result.',
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 7,
  run: async (run) => ({ ran: true, history: await hang(run, 'stall') }),
};
