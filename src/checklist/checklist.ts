import type { Level, Row } from './row.ts';
import { connectionLimits } from './rows/connection-limits/row.ts';
import { endpointAuthentication } from './rows/endpoint-authentication/row.ts';
import { errorAlerting } from './rows/error-alerting/row.ts';
import { gracefulShutdown } from './rows/graceful-shutdown/row.ts';
import { healthEndpoint } from './rows/health-endpoint/row.ts';
import { horizontalScaling } from './rows/horizontal-scaling/row.ts';
import { imageHygiene } from './rows/image-hygiene/row.ts';
import { inputValidation } from './rows/input-validation/row.ts';
import { logAggregation } from './rows/log-aggregation/row.ts';
import { metrics } from './rows/metrics/row.ts';
import { nonRootUser } from './rows/non-root-user/row.ts';
import { protocolRevisions } from './rows/protocol-revisions/row.ts';
import { rateLimiting } from './rows/rate-limiting/row.ts';
import { resourceLimits } from './rows/resource-limits/row.ts';
import { responseCaching } from './rows/response-caching/row.ts';
import { restartPolicy } from './rows/restart-policy/row.ts';
import { secretsInEnvironment } from './rows/secrets-in-environment/row.ts';
import { startupValidation } from './rows/startup-validation/row.ts';
import { structuredLogging } from './rows/structured-logging/row.ts';
import { transportSecurity } from './rows/transport-security/row.ts';
import { upstreamTimeouts } from './rows/upstream-timeouts/row.ts';

/** The ten rows of the production checklist, in its order. */
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

/** Requirements beyond the production checklist. */
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

/** Points of a row. */
export const weights: Record<Level, number> = { required: 10, recommended: 5 };
