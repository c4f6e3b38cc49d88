import type { AnyExperiment } from './experiment.ts';
import { portTaken } from './port-taken.ts';

/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [portTaken];
