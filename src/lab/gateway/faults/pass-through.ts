import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, request as send } from 'undici';
import { describeFailure } from '../../../collect/wire/http/failures.ts';
import { type Fault, sendJson } from '../held-request.ts';

/** They are about one connection, not about the request (RFC 9110 section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The server under test has limits of its own; this one ends what nobody waits for. */
const limitMs = 60_000;

/** The request goes on to the real upstream as it came, by the proxy that the auditor's own environment names. */
export const passThrough: Fault = async (held) => {
  const { request, response, url, body } = held;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: limitMs, bodyTimeout: limitMs });
  try {
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
    sendJson(held, 502, { message: `The upstream was not reached: ${describeFailure(error).reason}` });
  } finally {
    await dispatcher.destroy().catch(() => {});
  }
};

function endToEnd(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name) && !named.includes(name)) kept[name] = value;
  }
  return kept;
}
