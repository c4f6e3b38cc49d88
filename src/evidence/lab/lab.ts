import * as z from 'zod';
import { alertsHistory } from './alerts.ts';
import { badInputHistory } from './bad-input.ts';
import { baselineHistory } from './baseline.ts';
import { cachingHistory } from './caching.ts';
import { descriptorsHistory } from './descriptors.ts';
import { drippingUpstreamHistory } from './dripping-upstream.ts';
import { endOfInputHistory } from './end-of-input.ts';
import { type Experiment, experiment, notRun } from './experiment.ts';
import { failingUpstreamHistory } from './failing-upstream.ts';
import { healthPollingHistory } from './health-polling.ts';
import { healthRefusedHistory } from './health-refused.ts';
import { healthStalledHistory } from './health-stalled.ts';
import { loggingHistory } from './logging.ts';
import { missingSecretsHistory } from './missing-secrets.ts';
import { portTakenHistory } from './port-taken.ts';
import { rateLimitHistory } from './rate-limit.ts';
import { revisionsHistory } from './revisions.ts';
import { roundRobinHistory } from './round-robin.ts';
import { shutdownHistory } from './shutdown.ts';
import { stalledUpstreamHistory } from './stalled-upstream.ts';
import { stdioPurityHistory } from './stdio-purity.ts';
import { unprivilegedUserHistory } from './unprivileged-user.ts';

/** How clients reached the server under test. `http` is Streamable HTTP. */
export const labTransport = z.enum(['http', 'stdio']);
export type LabTransport = z.infer<typeof labTransport>;

/** Every experiment by its id. */
const experiments = z.strictObject({
  alerts: experiment(alertsHistory),
  'bad-input': experiment(badInputHistory),
  caching: experiment(cachingHistory),
  descriptors: experiment(descriptorsHistory),
  'dripping-upstream': experiment(drippingUpstreamHistory),
  'end-of-input': experiment(endOfInputHistory),
  'failing-upstream': experiment(failingUpstreamHistory),
  'health-polling': experiment(healthPollingHistory),
  'health-refused': experiment(healthRefusedHistory),
  'health-stalled': experiment(healthStalledHistory),
  logging: experiment(loggingHistory),
  'missing-secrets': experiment(missingSecretsHistory),
  'port-taken': experiment(portTakenHistory),
  'rate-limit': experiment(rateLimitHistory),
  revisions: experiment(revisionsHistory),
  'round-robin': experiment(roundRobinHistory),
  shutdown: experiment(shutdownHistory),
  'stalled-upstream': experiment(stalledUpstreamHistory),
  'stdio-purity': experiment(stdioPurityHistory),
  'unprivileged-user': experiment(unprivilegedUserHistory),
});

/** What the lab recorded. Secrets are masked: the canary in `API_KEY` is written as `<canary API_KEY>`. */
export const labEvidence = z.strictObject({
  transport: labTransport,
  /** The start command, as it was given. */
  command: z.string(),
  /** Node's name of the system: "linux", "darwin". */
  platform: z.string(),
  /** The variables that got canaries. */
  secrets: z.array(z.string()),
  /** The configuration names the secrets. If its list is empty, there are none. */
  secretsNamed: z.boolean(),
  /** The one of them that clients send as their bearer token; null: they send none. */
  credential: z.string().nullable(),
  baseline: baselineHistory,
  /** Why no client was served; null: one was. */
  unserved: notRun.nullable(),
  /** The wire evidence beside this is of an instance that the lab launched. */
  ownWire: z.boolean(),
  /** An experiment that is missing was not part of this lab. */
  experiments: experiments.partial(),
  /** Milliseconds, by experiment, from its first launch to its end. */
  durations: z.record(z.string(), z.number().nonnegative()),
  /** Milliseconds from the first launch until every process has exited. */
  durationMs: z.number().nonnegative(),
});
export type LabEvidence = z.infer<typeof labEvidence>;

export type ExperimentId = keyof z.infer<typeof experiments>;

/** What an experiment of this id records when it runs. */
export type HistoryOf<Id extends ExperimentId> =
  z.infer<typeof experiments>[Id] extends Experiment<infer History> ? History : never;
