import { parts } from '../part.mjs';
import { readBody } from './body.mjs';
import { revisions } from './protocol.mjs';
import { send } from './send.mjs';

const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** The Streamable HTTP endpoint: every guard is asked in turn whether it refuses a request. */
export async function createEndpoint({ settings, log, streams, answer, rateLimit, sessions }) {
  const { createAuth, clientOf, requestIdOf } = await parts('auth', 'client', 'request-id');
  const keyOf = createAuth(settings);

  const guards = [
    ({ headers: { origin } }) =>
      origin !== undefined &&
      !localHost.test(origin.replace(/^https?:\/\//, '')) &&
      refusal(403, 'Origin not allowed'),
    // Names of other sites lead to loopback too (DNS rebinding); elsewhere a proxy decides by them.
    ({ headers: { host = '' } }) =>
      settings.host === '127.0.0.1' && !localHost.test(host) && refusal(403, 'Host not allowed'),
    (request) =>
      keyOf(request) === undefined &&
      refusal(401, 'Unauthorized', { 'www-authenticate': 'Bearer realm="ready"' }),
    (request, response) => {
      const seconds = rateLimit(clientOf(request, keyOf(request), settings), response);
      return seconds > 0 && refusal(429, 'Too many requests', { 'retry-after': String(seconds) });
    },
    ({ method }) =>
      method !== 'GET' && method !== 'POST' && refusal(405, 'Method not allowed', { allow: 'GET, POST' }),
    ({ headers: { 'mcp-protocol-version': revision } }) =>
      revision !== undefined &&
      !revisions.includes(revision) &&
      refusal(400, `Unsupported protocol version (supported: ${revisions.join(', ')})`),
    ({ headers }) => !sessions.knows(headers['mcp-session-id']) && refusal(404, 'Session not found'),
    ({ method, headers: { accept = '' } }) =>
      method === 'GET' &&
      !accept.includes('text/event-stream') &&
      refusal(406, 'Only text/event-stream here'),
    ({ method, headers: { 'content-type': type = '' } }) =>
      method === 'POST' && !/^application\/json\b/i.test(type) && refusal(415, 'Only application/json here'),
  ];

  const post = async (request, response, requestId) => {
    const text = await readBody(request);
    if (text === undefined) return refuse(response, refusal(413, 'Body too long', { connection: 'close' }));
    const message = parsed(text);
    if (message === undefined) return send(response, 400, rpcError(-32700, 'Parse error'));
    const reply = await answer(message, requestId);
    if (reply === undefined) return send(response, 202);
    const status = reply.error?.code === -32600 ? 400 : 200;
    return send(response, status, reply, sessions.headersFor(message));
  };

  const refuse = (response, { status, message, headers }) =>
    send(response, status, rpcError(-32000, message), headers);

  return async (request, response) => {
    const requestId = requestIdOf(request.headers);
    if (requestId !== undefined) response.setHeader('x-request-id', requestId);
    for (const guard of guards) {
      const refused = guard(request, response);
      if (refused === false) continue;
      log.warn('Refused', { request_id: requestId, status: refused.status, reason: refused.message });
      return refuse(response, refused);
    }
    if (request.method === 'GET') return streams.open(response);
    return post(request, response, requestId);
  };
}

function refusal(status, message, headers) {
  return { status, message, headers };
}

function rpcError(code, message) {
  return { jsonrpc: '2.0', id: null, error: { code, message } };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
