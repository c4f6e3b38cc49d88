import type { FastifyRequest } from 'fastify';
import { HttpError, invalidRequest } from './errors.ts';

/**
 * The only revision in which several messages come in one array ("Sending Messages to the Server" there). It knows no
 * MCP-Protocol-Version, so a request without that header is taken to be of it, as later revisions ask.
 */
const revisionWithArrays = '2025-03-26';
const longestArray = 100;

/** How many messages a request brings: each counts towards the limits. */
export function messagesIn({ body }: FastifyRequest): number {
  return Array.isArray(body) ? body.length : 1;
}

/**
 * Refuses arrays of other revisions, empty ones (JSON-RPC 2.0, section 6), and those that are too long.
 *
 * @param limit what a client may send within a window: a longer array would never be let through
 */
export function checkArray(limit: number) {
  const most = Math.min(limit, longestArray);
  return (request: FastifyRequest): void => {
    if (!Array.isArray(request.body)) return;
    const revision = request.headers['mcp-protocol-version'] ?? revisionWithArrays;
    if (revision !== revisionWithArrays) {
      throw refusal(
        `Only revision ${revisionWithArrays} has arrays of messages. Send one message a request.`,
      );
    }
    const count = messagesIn(request);
    if (count === 0) throw refusal('The array has no message.');
    if (count > most) throw refusal(`The array has ${count} messages; at most ${most} are taken.`);
  };
}

function refusal(message: string): HttpError {
  return new HttpError(400, message, {}, invalidRequest);
}
