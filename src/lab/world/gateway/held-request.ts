import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnsweredBy } from '../../../evidence/lab/gateway.ts';

/** A request of the server under test, completely read and not yet answered. */
export interface HeldRequest {
  request: IncomingMessage;
  response: ServerResponse;
  /** Lower case, with the port unless it is the scheme's default. */
  host: string;
  url: URL;
  body: Buffer;
  /** Resets the connection. */
  reset: () => void;
  /** Records who answered. Default: the fault. */
  answeredBy: (by: AnsweredBy) => void;
  /** Records that the gateway closes the connection. */
  cut: () => void;
}

/** Answers a request, badly or not at all. Everything that it starts ends when the response closes. */
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
