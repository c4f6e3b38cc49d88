import type { Answer, Exchange } from '../evidence/exchange.ts';

/** Why nothing can be said about a target, and what to try. */
export interface Obstacle {
  what: string;
  next: string;
}

/** What nginx, Go and Apache say to plain HTTP on a port of theirs that serves TLS. */
const plainOnTlsPort =
  /plain HTTP request was sent to (?:an )?HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled server port/i;

/** What OpenSSL says when the other side answers something else than TLS. */
const tlsOnPlainPort = /wrong version number|packet length too long|unknown protocol|http request/i;

/** An answer that comes from how the server was addressed, and not from what it is: by the wrong scheme, or name. */
export function misaddressed(url: string, { request }: Exchange, answer: Answer): Obstacle | undefined {
  if (url.startsWith('http:') && answer.status === 400 && plainOnTlsPort.test(answer.body)) {
    return {
      what: `${url} answered 400: it serves TLS at that port, and was spoken to without.`,
      next: `Use ${url.replace(/^http:/, 'https:')}`,
    };
  }
  const { host } = request.headers;
  if (host !== undefined && [400, 403, 404, 421].includes(answer.status)) {
    return {
      what: `${url} answered ${answer.status} to "Host: ${host}", which --header gave.`,
      next: 'Leave that header out, or let the server accept the name.',
    };
  }
  return undefined;
}

/** What to try after a TLS handshake that failed with this message. */
export function nextAfterTls(url: string, message: string): string {
  return tlsOnPlainPort.test(message)
    ? `It seems to serve no TLS at that port: use ${url.replace(/^https:/, 'http:')}`
    : 'Mend the certificate, trust its CA with NODE_EXTRA_CA_CERTS=<file>, or use http:// if it serves no TLS.';
}
