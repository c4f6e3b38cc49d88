import type { LabTransport } from '../../evidence/lab/lab.ts';
import { alerts } from './alerts.ts';
import { badInput } from './bad-input.ts';
import { caching } from './caching.ts';
import { descriptors } from './descriptors.ts';
import { endOfInput } from './end-of-input.ts';
import type { AnyExperiment } from './experiment.ts';
import { failingUpstream } from './failing-upstream.ts';
import { drippingUpstream, stalledUpstream } from './hanging-upstream.ts';
import { healthRefused, healthStalled } from './health-fault.ts';
import { healthPolling } from './health-polling.ts';
import { logging } from './logging.ts';
import { missingSecrets } from './missing-secrets.ts';
import { portTaken } from './port-taken.ts';
import { rateLimit } from './rate-limit.ts';
import { revisions } from './revisions.ts';
import { roundRobin } from './round-robin.ts';
import { shutdown } from './shutdown.ts';
import { stdioPurity } from './stdio-purity.ts';
import { unprivilegedUser } from './unprivileged-user.ts';
/** All that the lab asks of a server over HTTP, once the baseline is known. */
export const experiments: readonly AnyExperiment[] = [
  alerts,
  caching,
  descriptors,
  drippingUpstream,
  failingUpstream,
  healthPolling,
  healthRefused,
  healthStalled,
  logging,
  missingSecrets,
  portTaken,
  rateLimit,
  roundRobin,
  shutdown,
  stalledUpstream,
  unprivilegedUser,
];

/** The same of a server that speaks stdio. */
const overStdio: readonly AnyExperiment[] = [
  alerts,
  badInput,
  caching,
  drippingUpstream,
  endOfInput,
  failingUpstream,
  logging,
  missingSecrets,
  revisions,
  shutdown,
  stalledUpstream,
  stdioPurity,
  unprivilegedUser,
];

export const experimentsOver: Record<LabTransport, readonly AnyExperiment[]> = {
  http: experiments,
  stdio: overStdio,
};
