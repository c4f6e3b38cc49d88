import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, request as send } from 'undici';
import { describeFailure } from '../../../../protocol/failures.ts';
import { type Fault, sendJson } from '../held-request.ts';
import { leadsToLab } from '../own-ports.ts';

/** Headers of one connection, not of the request (RFC 9110 section 7.6.1). */
const hopByHop = new Set(
  [
    'connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection',
    'te trailer transfer-encoding upgrade',
  ].flatMap((names) => names.split(' ')),
);

/** The server under test has its own limits. This one ends abandoned requests. */
const limitMs = 60_000;

/**
 * Forwards the request to the real upstream, through the proxy of the auditor's environment. A request that leads back to a
 * gateway gets 508 (RFC 5842 section 7.2).
 */
export const passThrough: Fault = async (held) => {
  const { request, response, url, body } = held;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const dispatcher = new EnvHttpProxyAgent({
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    connect: { lookup: lookupOutside(port) },
  });
  try {
    // IP addresses are not looked up, and a proxy looks up names itself.
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 && leadsToLab(url.hostname, port)) throw new Loop();
    const answer = await send(url, {
      dispatcher,
      method: request.method as 'GET',
      headers: endToEnd(request.headers),
      body: body.length > 0 ? body : null,
      signal: left.signal,
    });
    held.answeredBy('upstream');
    response.writeHead(answer.statusCode, endToEnd(answer.headers));
    await pipeline(answer.body, response);
  } catch (error) {
    if (response.headersSent) {
      held.cut();
      response.destroy();
      return;
    }
    held.answeredBy('nobody');
    if (isLoop(error)) return sendJson(held, 508, { message: 'The request leads back to the lab.' });
    sendJson(held, 502, { message: `The upstream could not be reached: ${describeFailure(error).reason}` });
  } finally {
    await dispatcher.destroy().catch(() => {});
  }
};

class Loop extends Error {}

/** undici may wrap the error of the lookup. */
const isLoop = (error: unknown): boolean =>
  error instanceof Loop || (error instanceof Error && error.cause instanceof Loop);

/** Looks a name up once, so that the checked addresses are those connected to. */
function lookupOutside(port: number): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      if (addresses.some(({ address }) => leadsToLab(address, port))) return callback(new Loop(), '', 0);
      const [first] = addresses;
      if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

function endToEnd(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const kept = Object.entries(headers).filter(
    (header): header is [string, string | string[]] =>
      header[1] !== undefined && !hopByHop.has(header[0]) && !named.includes(header[0]),
  );
  return Object.fromEntries(kept);
}
