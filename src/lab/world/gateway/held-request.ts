import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnsweredBy } from '../../../evidence/lab/gateway.ts';

/** A request of the server under test, read to its end and not answered yet. */
export interface HeldRequest {
  request: IncomingMessage;
  response: ServerResponse;
  scheme: 'http' | 'https';
  /** With the port when it is not the scheme's own; lower-case. */
  host: string;
  url: URL;
  body: Buffer;
  /** Ends the connection with a reset. */
  reset: () => void;
  /** Says who answered; default: the fault. */
  answeredBy: (by: AnsweredBy) => void;
  /** Says that it is the gateway that closes the connection. */
  cut: () => void;
}

/** What becomes of a request: an answer, a bad one, or none. Whatever it starts ends with the response's `close`. */
export type Fault = (held: HeldRequest) => void | Promise<void>;

export function sendJson(
  { response }: HeldRequest,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
