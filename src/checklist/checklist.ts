import { errorAlerting } from './operations/error-alerting.ts';
import { logAggregation } from './operations/log-aggregation.ts';
import { metrics } from './operations/metrics.ts';
import { connectionLimits } from './performance/connection-limits.ts';
import { horizontalScaling } from './performance/horizontal-scaling.ts';
import { responseCaching } from './performance/response-caching.ts';
import { upstreamTimeouts } from './performance/upstream-timeouts.ts';
import { gracefulShutdown } from './reliability/graceful-shutdown.ts';
import { healthEndpoint } from './reliability/health-endpoint.ts';
import { protocolRevisions } from './reliability/protocol-revisions.ts';
import { resourceLimits } from './reliability/resource-limits.ts';
import { restartPolicy } from './reliability/restart-policy.ts';
import { startupValidation } from './reliability/startup-validation.ts';
import { structuredLogging } from './reliability/structured-logging.ts';
import type { Level, Row } from './row.ts';
import { endpointAuthentication } from './security/endpoint-authentication.ts';
import { imageHygiene } from './security/image-hygiene.ts';
import { inputValidation } from './security/input-validation.ts';
import { nonRootUser } from './security/non-root-user.ts';
import { rateLimiting } from './security/rate-limiting.ts';
import { secretsInEnvironment } from './security/secrets-in-environment.ts';
import { transportSecurity } from './security/transport-security.ts';

/** The ten items of the production checklist, in its order. */
const checklist: readonly Row[] = [
  nonRootUser,
  secretsInEnvironment,
  endpointAuthentication,
  healthEndpoint,
  structuredLogging,
  restartPolicy,
  responseCaching,
  upstreamTimeouts,
  logAggregation,
  errorAlerting,
];

/** What the requirement asks for beyond its checklist. */
const beyond: readonly Row[] = [
  rateLimiting,
  transportSecurity,
  inputValidation,
  imageHygiene,
  gracefulShutdown,
  startupValidation,
  protocolRevisions,
  resourceLimits,
  horizontalScaling,
  connectionLimits,
  metrics,
];

/** The rows that each profile judges and scores. */
export const profiles = {
  checklist,
  extended: [...checklist, ...beyond],
} as const satisfies Record<string, readonly Row[]>;

export type Profile = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as Profile[];

/** Points that a row is worth. */
export const weights: Record<Level, number> = { required: 10, recommended: 5 };
