import { alerts } from './alerts.ts';
import type { AnyExperiment } from './experiment.ts';
import { healthRefused, healthStalled } from './health-fault.ts';
import { healthPolling } from './health-polling.ts';
import { portTaken } from './port-taken.ts';
import { rateLimit } from './rate-limit.ts';

/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [
  alerts,
  healthPolling,
  healthRefused,
  healthStalled,
  portTaken,
  rateLimit,
];
