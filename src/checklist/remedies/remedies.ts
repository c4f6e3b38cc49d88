import { connectionLimits } from './connection-limits.ts';
import { endpointAuthentication } from './endpoint-authentication.ts';
import { errorAlerting } from './error-alerting.ts';
import { gracefulShutdown } from './graceful-shutdown.ts';
import { healthEndpoint } from './health-endpoint.ts';
import { horizontalScaling } from './horizontal-scaling.ts';
import { imageHygiene } from './image-hygiene.ts';
import { inputValidation } from './input-validation.ts';
import { logAggregation } from './log-aggregation.ts';
import { metrics } from './metrics.ts';
import { nonRootUser } from './non-root-user.ts';
import { protocolRevisions } from './protocol-revisions.ts';
import { rateLimiting } from './rate-limiting.ts';
import type { Remedies } from './remedy.ts';
import { resourceLimits } from './resource-limits.ts';
import { responseCaching } from './response-caching.ts';
import { restartPolicy } from './restart-policy.ts';
import { secretsInEnvironment } from './secrets-in-environment.ts';
import { startupValidation } from './startup-validation.ts';
import { structuredLogging } from './structured-logging.ts';
import { transportSecurity } from './transport-security.ts';
import { upstreamTimeouts } from './upstream-timeouts.ts';

const remedies: Record<string, Remedies> = {
  'non-root-user': nonRootUser,
  'secrets-in-environment': secretsInEnvironment,
  'endpoint-authentication': endpointAuthentication,
  'health-endpoint': healthEndpoint,
  'structured-logging': structuredLogging,
  'restart-policy': restartPolicy,
  'response-caching': responseCaching,
  'upstream-timeouts': upstreamTimeouts,
  'log-aggregation': logAggregation,
  'error-alerting': errorAlerting,
  'rate-limiting': rateLimiting,
  'transport-security': transportSecurity,
  'input-validation': inputValidation,
  'image-hygiene': imageHygiene,
  'graceful-shutdown': gracefulShutdown,
  'startup-validation': startupValidation,
  'protocol-revisions': protocolRevisions,
  'resource-limits': resourceLimits,
  'horizontal-scaling': horizontalScaling,
  'connection-limits': connectionLimits,
  metrics,
};

/**
 * How to get to a row in code.
 *
 * @throws RangeError for an id that is no row's
 */
export function remediesOf(row: string): Remedies {
  const found = remedies[row];
  if (!found) throw new RangeError(`There are no remedies for ${row}.`);
  return found;
}
