import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Front {
  /** The endpoint, for clients that have no key. */
  url: string;
  /** How many answers came from a generated server: only they carry its request id. */
  answers: () => number;
  close: () => Promise<void>;
}

/** Adds the bearer token that the suite cannot send, passes everything else on as it is, and counts. */
export async function startFront(origin: string, token: string): Promise<Front> {
  let answers = 0;
  const server = createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const onward = send(`${origin}${request.url}`, { method: request.method, headers }, (answer) => {
      if (answer.headers['x-request-id'] !== undefined) answers += 1;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  // Longer than any scenario pauses: the suite reuses its connections and takes a closed one for a failure.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    answers: () => answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
