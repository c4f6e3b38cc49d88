import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';

/** What one call asked the upstream for. */
export interface Asked {
  call: CallRecord;
  requests: readonly UpstreamRequest[];
}

/** Compares upstream requests by all that does not change from one equal call to the next. */
export interface UpstreamSets {
  /** The requests that differ from all known ones. */
  newIn: (requests: readonly UpstreamRequest[], known: readonly UpstreamRequest[]) => UpstreamRequest[];
}

/**
 * Finds out what changes with each request (a timestamp, a nonce, the id of a request): a part that no two equal calls have in
 * common.
 */
export function createUpstreamSets(asked: readonly Asked[]): UpstreamSets {
  const byCall = new Map<string, Values[]>();
  for (const { call, requests } of asked) {
    const key = `${call.tool} ${JSON.stringify(call.arguments)}`;
    byCall.set(key, [...(byCall.get(key) ?? []), valuesOf(requests)]);
  }
  const changing = new Set(
    [...byCall.values()].flatMap((equal) =>
      equal.flatMap((left, index) => equal.slice(index + 1).flatMap((right) => changed(left, right))),
    ),
  );
  const identityOf = (request: UpstreamRequest) => {
    const { parts, fingerprint = '' } = request;
    if (changing.size === 0 || parts === undefined) return fingerprint;
    const fixed = parts.filter(({ name }) => !changing.has(partOf(request, name)));
    return JSON.stringify([placeOf(request), fixed]);
  };
  return {
    newIn: (requests, known) => {
      const identities = new Set(known.map(identityOf));
      return requests.filter((request) => !identities.has(identityOf(request)));
    },
  };
}

export const placeOf = ({ method, host, path }: UpstreamRequest): string => `${method} ${host}${path}`;

const partOf = (request: UpstreamRequest, name: string): string => `${placeOf(request)} ${name}`;

/** The values of each part. */
type Values = Map<string, Set<string>>;

function valuesOf(requests: readonly UpstreamRequest[]): Values {
  const values: Values = new Map();
  for (const request of requests) {
    for (const { name, digest } of request.parts ?? []) {
      const part = partOf(request, name);
      values.set(part, (values.get(part) ?? new Set()).add(digest));
    }
  }
  return values;
}

/** The parts that both have, with no value in common. */
const changed = (left: Values, right: Values): string[] =>
  [...left].flatMap(([part, values]) => {
    const others = right.get(part);
    return others === undefined || [...others].some((value) => values.has(value)) ? [] : [part];
  });
