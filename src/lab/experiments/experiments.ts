import type { AnyExperiment } from './experiment.ts';
import { logging } from './logging.ts';
import { missingSecrets } from './missing-secrets.ts';
import { portTaken } from './port-taken.ts';

/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [logging, missingSecrets, portTaken];
