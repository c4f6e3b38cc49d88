import type { Credential } from '../../../evidence/exchange.ts';
import type { ClientAttempt, ClientConnected } from '../../../evidence/wire.ts';
import type { Connection } from '../http/connection.ts';
import { postHeaders, type Session } from '../mcp/requests.ts';
import { beginSession, endSession, initialize } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import { openHeldStream } from './access-sse.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Seen } from './probe.ts';

/** The cheapest request that a server is known to serve, ready to be sent again and again. */
export interface CheapRequest {
  /** In MCP's words. */
  name: string;
  url: URL;
  session: Session | undefined;
  /** Whether this is the answer that was asked for. */
  isServed: (seen: Seen) => boolean;
  send: (asked: Asked) => Promise<Seen | undefined>;
  /** Ends what it needed: a session, or the stream that takes the answers. */
  close: () => Promise<void>;
}

/** It, or the answer that kept a session from being opened. */
export type OpenedRequest = { cheap: CheapRequest } | { refused: Seen | undefined };

/** Opens the same request for whoever asks; undefined where nobody is served. */
export type OpenFor = (run: Run, credential: Credential) => Promise<OpenedRequest | undefined>;

export interface Asked {
  purpose: string;
  /** Default: the one that it was opened with. */
  credential?: Credential;
  headers?: Record<string, string>;
  connection?: Connection;
}

/**
 * Finds out which request is the cheapest that a limiter would count. Limiters within a framework see what tools are asked
 * for, and neither `ping` nor `server/discover`, so these are for servers without tools. It goes within a session of its own
 * where the server has sessions, and over HTTP+SSE where it speaks nothing else.
 *
 * @param clients the official clients' attempts, which tell whether there are tools
 * @param credential whose request it is
 * @returns undefined where nobody is served
 */
export async function openCheapRequest(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
  credential: Credential,
): Promise<OpenedRequest | undefined> {
  const served = accessed.find((access) => access.served !== undefined);
  const tools = clients.some(({ outcome }) => outcome.connected && listsTools(outcome));
  const name = tools ? 'tools/list' : served?.served === 'modern' ? 'server/discover' : 'ping';
  if (served?.served === 'modern') return { cheap: modern(run, name, served.endpoint.url, credential) };
  if (served !== undefined) return openSession(run, name, served.endpoint.url, credential);
  const sse = accessed.find(({ endpoint }) => endpoint.transport === 'sse' && !endpoint.refused);
  return sse === undefined ? undefined : openMessages(run, name, sse, credential);
}

function listsTools({ capabilities, toolsFailure }: ClientConnected): boolean {
  return capabilities.includes('tools') && toolsFailure === undefined;
}

function modern(run: Run, name: string, url: URL, credential: Credential): CheapRequest {
  return {
    name,
    url,
    session: undefined,
    isServed: ({ reply }) => reply.kind === 'result',
    send: (asked) => post(run, url, { credential, ...asked }, run.messages.modern(name)),
    close: async () => {},
  };
}

async function openSession(run: Run, name: string, url: URL, credential: Credential) {
  const seen = await initialize(run, url, credential, ', for cheap requests');
  const session = await beginSession(run, url, credential, seen);
  if (session === undefined) return { refused: seen };
  const cheap: CheapRequest = {
    name,
    url,
    session,
    isServed: ({ reply }) => reply.kind === 'result',
    send: (asked) => post(run, url, { credential, ...asked }, run.messages.legacy(name, session)),
    close: () => endSession(run, url, credential, session),
  };
  return { cheap };
}

async function openMessages(run: Run, name: string, { endpoint }: EndpointAccess, credential: Credential) {
  const stream = await openHeldStream(run, endpoint, credential);
  const { messages } = stream;
  if (messages === undefined) {
    stream.leave();
    return { refused: stream.tried[0]?.seen };
  }
  const cheap: CheapRequest = {
    name,
    url: messages,
    session: undefined,
    isServed: ({ reply }) => reply.kind === 'accepted' || reply.kind === 'result',
    send: (asked) => {
      const { id, body } = run.messages.legacy(name);
      return post(run, messages, { credential, ...asked }, { id, body, headers: postHeaders });
    },
    close: async () => stream.leave(),
  };
  return { cheap };
}

function post(
  run: Run,
  url: URL,
  asked: Asked & { credential: Credential },
  message: { id: number; headers: Record<string, string>; body: string },
): Promise<Seen | undefined> {
  return run.prober.probe({
    method: 'POST',
    url,
    ...asked,
    ...message,
    headers: { ...message.headers, ...asked.headers },
  });
}
