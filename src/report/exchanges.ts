import type { Answer, Exchange } from '../evidence/exchange.ts';
import type { RowResult } from '../score/evaluate.ts';
import { cut } from '../text/printable.ts';
import type { ReportExchange } from './schema.ts';

/** Longest excerpt of a body, in UTF-16 units. Saved evidence holds more. */
const excerptLimit = 2_000;

/** The exchanges that these rows cite, each once, in the order of sending. */
export function citedExchanges(rows: readonly RowResult[]): ReportExchange[] {
  const cited = new Map<string, Exchange>();
  for (const { sources } of rows.flatMap(({ criteria }) => criteria)) {
    for (const source of sources) if ('id' in source) cited.set(source.id, source);
  }
  return [...cited.values()].sort((a, b) => order(a) - order(b)).map(reportExchange);
}

/** Ids are `x1`, `x2`, ... in the order of sending. */
const order = ({ id }: Exchange): number => Number(id.slice(1));

function reportExchange({ id, purpose, request, outcome, durationMs }: Exchange): ReportExchange {
  const { method, url, headers, credential, body } = request;
  return {
    id,
    purpose,
    request: {
      method,
      url,
      headers,
      ...(body !== undefined && { body: cut(body, excerptLimit) }),
      credential,
    },
    outcome: outcome.kind === 'answer' ? reportAnswer(outcome) : outcome,
    durationMs,
  };
}

function reportAnswer({
  kind,
  status,
  headers,
  body,
  bodyBytes,
  bodyEnd,
}: Answer): ReportExchange['outcome'] {
  return { kind, status, headers, body: cut(body, excerptLimit), bodyBytes, bodyEnd };
}
