import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A refusal with a message that any client may read. */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly rpcCode: number | undefined;

  constructor(
    statusCode: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    rpcCode?: number,
  ) {
    super(message);
    this.statusCode = statusCode;
    this.headers = headers;
    this.rpcCode = rpcCode;
  }
}

/** https://www.jsonrpc.org/specification#error_object */
const parseError = -32_700;
export const invalidRequest = -32_600;
const methodNotFound = -32_601;
const internalError = -32_603;
export const serverError = -32_000;

const refusals: Record<number, { code: number; message: string }> = {
  400: { code: parseError, message: 'The request is malformed, or its body is not valid JSON.' },
  404: { code: methodNotFound, message: 'There is nothing here. The MCP endpoint is /mcp.' },
  413: { code: invalidRequest, message: 'The body is too large.' },
  415: { code: invalidRequest, message: 'The body must be sent as application/json.' },
};

/** An error in the shape that MCP clients expect from the endpoint, for what fails before the protocol is reached. */
export function jsonRpcError(code: number, message: string) {
  return { jsonrpc: '2.0', error: { code, message }, id: null };
}

/** Makes every answer that is not the protocol's own a JSON-RPC error, without stack traces or internals. */
export function answerErrorsAsJsonRpc(app: FastifyInstance): void {
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(new HttpError(404, ''), request, reply));
}

/** Also used for what Fastify refuses before it has found a route. */
export function sendError(error: FastifyError | HttpError, request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  // A refusal by a guard is no failure, whatever its status.
  if (status >= 500 && !(error instanceof HttpError)) request.log.error({ err: error }, 'request failed');
  const refusal = refusals[status] ?? { code: serverError, message: 'The request was refused.' };
  // Own messages are written for clients; those of libraries may repeat what was sent, or worse.
  const message = error instanceof HttpError && error.message !== '' ? error.message : refusal.message;
  if (error instanceof HttpError) reply.headers(error.headers);
  return reply
    .code(status)
    .type('application/json')
    .send(
      status >= 500 && !(error instanceof HttpError)
        ? jsonRpcError(internalError, 'Internal error')
        : jsonRpcError((error instanceof HttpError && error.rpcCode) || refusal.code, message),
    );
}
