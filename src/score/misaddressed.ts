import type { Answer, Exchange } from '../evidence/exchange.ts';

/** Why a target could not be assessed, and what to try. */
export interface Obstacle {
  what: string;
  next: string;
}

/** How nginx, Go and Apache answer plain HTTP on a TLS port. */
const plainOnTlsPort =
  /plain HTTP request was sent to (?:an )?HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled server port/i;

/** How OpenSSL reports a peer that does not speak TLS. */
const tlsOnPlainPort = /wrong version number|packet length too long|unknown protocol|http request/i;

/** A response to the wrong scheme or host name in the request, which says nothing about the server. */
export function misaddressed(url: string, { request }: Exchange, answer: Answer): Obstacle | undefined {
  if (url.startsWith('http:') && answer.status === 400 && plainOnTlsPort.test(answer.body)) {
    return {
      what: `${url} answered 400: the port expects TLS, and the request was plain HTTP.`,
      next: `Use ${url.replace(/^http:/, 'https:')}`,
    };
  }
  const { host } = request.headers;
  if (host !== undefined && [400, 403, 404, 421].includes(answer.status)) {
    return {
      what: `${url} answered ${answer.status} to "Host: ${host}" (from --header).`,
      next: 'Remove that header, or make the server accept the name.',
    };
  }
  return undefined;
}

/** What to try after a TLS handshake that failed with this message. */
export function nextAfterTls(url: string, message: string): string {
  return tlsOnPlainPort.test(message)
    ? `The port seems to serve plain HTTP: use ${url.replace(/^https:/, 'http:')}`
    : 'Replace the certificate, trust its CA with NODE_EXTRA_CA_CERTS=<file>, or use http:// if the server has no TLS.';
}
