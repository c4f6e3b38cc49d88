import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { ExperimentId, LabEvidence } from '../../../evidence/lab/lab.ts';

/** Every object in these values, outer before inner. Each history has its records elsewhere. */
export function* objectsIn(values: readonly unknown[]): Generator<Record<string, unknown>> {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value as Record<string, unknown>;
    yield* objectsIn(Object.values(value));
  }
}

/** What the gateways recorded, by experiment. */
export function gatewayRecords(
  lab: LabEvidence,
): { experiment: ExperimentId | 'baseline'; record: GatewayRecord }[] {
  const histories = Object.entries(lab.experiments).map(
    ([id, experiment]) => [id as ExperimentId, experiment?.ran && experiment.history] as const,
  );
  return [['baseline', lab.baseline] as const, ...histories].flatMap(([experiment, history]) =>
    [...objectsIn([history])].filter(isGateway).map((record) => ({ experiment, record })),
  );
}

/** Requests that reached the gateways, in every experiment. */
export const upstreamRequests = (lab: LabEvidence): GatewayRecord['requests'] =>
  gatewayRecords(lab).flatMap(({ record }) => record.requests);

const isGateway = (value: Record<string, unknown>): value is GatewayRecord & Record<string, unknown> =>
  ['requests', 'failedConnections', 'faults'].every((name) => Object.hasOwn(value, name));
