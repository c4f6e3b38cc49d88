import type { FailureReason } from '../evidence/exchange.ts';

const codes: Partial<Record<FailureReason, string>> = {
  refused: 'ECONNREFUSED',
  'unknown-host': 'ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EAI_NONAME',
  reset: 'ECONNRESET ECONNABORTED EPIPE UND_ERR_SOCKET',
  timeout: 'ETIMEDOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT',
  unreachable: 'EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL EACCES',
  protocol: 'UND_ERR_HEADERS_OVERFLOW',
  tls: `EPROTO DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE
    UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY HOSTNAME_MISMATCH`,
};
const reasons = new Map(
  Object.entries(codes).flatMap(([reason, list]) =>
    list.split(/\s+/).map((code): [string, FailureReason] => [code, reason as FailureReason]),
  ),
);

/**
 * The reason of a failed request, by the error code of the system (errno), OpenSSL, the HTTP parser (`HPE_*`) or the HTTP library.
 *
 * @param error anything that was thrown, with its causes and aggregated errors
 */
export function describeFailure(error: unknown): { reason: FailureReason; message: string } {
  const chain = causes(error);
  for (const link of chain) {
    const reason = reasonOf(codeOf(link), messageOf(link));
    if (reason !== undefined) return { reason, message: messageOf(link) };
  }
  return { reason: 'protocol', message: messageOf(chain[0]) };
}

function reasonOf(code: string | undefined, message: string): FailureReason | undefined {
  if (/before secure TLS connection was established/i.test(message)) return 'tls';
  if (code === undefined) return undefined;
  const known = reasons.get(code);
  if (known !== undefined) return known;
  if (/^(ERR_SSL|ERR_TLS|CERT_|CRL_|ERR_OSSL)/.test(code)) return 'tls';
  return /^HPE_/.test(code) ? 'protocol' : undefined;
}

/** The error, its aggregated errors and its causes, outermost first; bounded, since causes can form a ring. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  const queue = [error];
  while (queue.length > 0 && chain.length < 12) {
    const link = queue.shift();
    if (link === undefined || link === null || chain.includes(link)) continue;
    chain.push(link);
    if (link instanceof AggregateError) queue.push(...link.errors);
    if (link instanceof Error) queue.push(link.cause);
  }
  return chain;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return [...new Set(error.errors.map(messageOf))].join('; ');
  }
  // OpenSSL's text is a chain of codes and source files. Node adds its plain part as `reason`.
  const plain = (error as { reason?: unknown } | null)?.reason;
  if (typeof plain === 'string' && plain !== '') return plain;
  return error instanceof Error ? error.message || error.name : String(error);
}
