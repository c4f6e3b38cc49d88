import type { ExperimentOf } from './experiment.ts';
import { takeAway } from './shared/health-fault.ts';

export const healthStalled: ExperimentOf<'health-stalled'> = {
  id: 'health-stalled',
  question: 'Does the health path report an upstream that hangs, and its return?',
  does: 'Polls the health path while the upstream does not respond, and when it is back.',
  over: ['http'],
  needs: 'upstream',
  seconds: 12,
  run: (run) => takeAway(run, 'stall'),
};
