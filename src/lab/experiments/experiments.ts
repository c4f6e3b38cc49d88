import type { LabTransport } from '../../evidence/lab/lab.ts';
import { caching } from './caching.ts';
import { endOfInput } from './end-of-input.ts';
import type { AnyExperiment } from './experiment.ts';
import { failingUpstream } from './failing-upstream.ts';
import { drippingUpstream, stalledUpstream } from './hanging-upstream.ts';
import { logging } from './logging.ts';
import { missingSecrets } from './missing-secrets.ts';
import { portTaken } from './port-taken.ts';
import { stdioPurity } from './stdio-purity.ts';

/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [
  caching,
  drippingUpstream,
  failingUpstream,
  logging,
  missingSecrets,
  portTaken,
  stalledUpstream,
];

/** The same of a server that speaks stdio. */
const overStdio: readonly AnyExperiment[] = [
  caching,
  drippingUpstream,
  endOfInput,
  failingUpstream,
  logging,
  missingSecrets,
  stalledUpstream,
  stdioPurity,
];

export const experimentsOver: Record<LabTransport, readonly AnyExperiment[]> = {
  http: experiments,
  stdio: overStdio,
};
