import type { LabTransport } from '../../evidence/lab/lab.ts';
import { endOfInput } from './end-of-input.ts';
import type { AnyExperiment } from './experiment.ts';
import { portTaken } from './port-taken.ts';
import { stdioPurity } from './stdio-purity.ts';

/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [portTaken];

/** The same of a server that speaks stdio. */
const overStdio: readonly AnyExperiment[] = [endOfInput, stdioPurity];

export const experimentsOver: Record<LabTransport, readonly AnyExperiment[]> = {
  http: experiments,
  stdio: overStdio,
};
