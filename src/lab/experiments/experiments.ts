import type { ExperimentId, LabTransport } from '../../evidence/lab/lab.ts';
import { alerts } from './alerts.ts';
import { badInput } from './bad-input.ts';
import { caching } from './caching.ts';
import { descriptors } from './descriptors.ts';
import { drippingUpstream } from './dripping-upstream.ts';
import { endOfInput } from './end-of-input.ts';
import type { AnyExperiment, ExperimentOf } from './experiment.ts';
import { failingUpstream } from './failing-upstream.ts';
import { healthPolling } from './health-polling.ts';
import { healthRefused } from './health-refused.ts';
import { healthStalled } from './health-stalled.ts';
import { logging } from './logging.ts';
import { missingSecrets } from './missing-secrets.ts';
import { portTaken } from './port-taken.ts';
import { rateLimit } from './rate-limit.ts';
import { revisions } from './revisions.ts';
import { roundRobin } from './round-robin.ts';
import { shutdown } from './shutdown.ts';
import { stalledUpstream } from './stalled-upstream.ts';
import { stdioPurity } from './stdio-purity.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

/** Every experiment, once the baseline is known. The types hold ids, histories and this list together. */
const byId: { readonly [Id in ExperimentId]: ExperimentOf<Id> } = {
  alerts,
  'bad-input': badInput,
  caching,
  descriptors,
  'dripping-upstream': drippingUpstream,
  'end-of-input': endOfInput,
  'failing-upstream': failingUpstream,
  'health-polling': healthPolling,
  'health-refused': healthRefused,
  'health-stalled': healthStalled,
  logging,
  'missing-secrets': missingSecrets,
  'port-taken': portTaken,
  'rate-limit': rateLimit,
  revisions,
  'round-robin': roundRobin,
  shutdown,
  'stalled-upstream': stalledUpstream,
  'stdio-purity': stdioPurity,
  'unprivileged-user': unprivilegedUser,
};

export const experiments: readonly AnyExperiment[] = Object.values(byId);

export const experimentsOver = (transport: LabTransport): readonly AnyExperiment[] =>
  experiments.filter(({ over }) => over.includes(transport));
