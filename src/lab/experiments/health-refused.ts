import type { ExperimentOf } from './experiment.ts';
import { takeAway } from './shared/health-fault.ts';

export const healthRefused: ExperimentOf<'health-refused'> = {
  id: 'health-refused',
  question: 'Does the health path report an upstream that refuses connections, and its return?',
  does: 'Polls the health path while the upstream refuses connections, and when it is back.',
  over: ['http'],
  needs: 'upstream',
  seconds: 12,
  run: (run) => takeAway(run, 'refuse'),
};
