import type { Credential } from '../../../evidence/exchange.ts';
import type { ClientAttempt, ClientConnected } from '../../../evidence/wire.ts';
import { type Message, postHeaders, type Session } from '../../../protocol/messages.ts';
import { modernRevision, revisionWithArrays, sseRevision } from '../../../protocol/revisions.ts';
import type { Connection } from '../http/connection.ts';
import { beginSession, endSession, initialize } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import { openHeldStream } from './access-sse.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Probe, Seen } from './probe.ts';

/** The cheapest request that a server is known to serve, ready to be sent again and again. */
export interface CheapRequest {
  /** In MCP's words. */
  name: string;
  url: URL;
  session: Session | undefined;
  /** The protocol revision that it is sent in. */
  revision: string;
  /** Whether this is the answer that was asked for. */
  isServed: (seen: Seen) => boolean;
  send: (asked: Asked) => Promise<Seen | undefined>;
  /** Sends it so many times in one JSON-RPC array. */
  sendArray: (count: number, asked: Asked) => Promise<Seen | undefined>;
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
  if (served?.served === 'modern') return { cheap: modern(run, clients, served.endpoint.url, credential) };
  if (served !== undefined) return openSession(run, clients, served.endpoint.url, credential);
  return openMessages(run, accessed, clients, credential);
}

/**
 * The same for JSON-RPC arrays of it: in the revision that has them, where the server serves that or another one of the
 * legacy era. Else as above.
 *
 * @see openCheapRequest
 */
export async function openArrayRequest(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
): Promise<OpenedRequest | undefined> {
  const served = accessed.find((access) => access.served !== undefined);
  if (served !== undefined) {
    const opened = await openSession(run, clients, served.endpoint.url, 'given', revisionWithArrays);
    if ('cheap' in opened) return opened;
  }
  return openCheapRequest(run, accessed, clients, 'given');
}

function nameOf(clients: ClientAttempt[], withoutTools: string): string {
  const tools = clients.some(({ outcome }) => outcome.connected && listsTools(outcome));
  return tools ? 'tools/list' : withoutTools;
}

function listsTools({ capabilities, toolsFailure }: ClientConnected): boolean {
  return capabilities.includes('tools') && toolsFailure === undefined;
}

function modern(run: Run, clients: ClientAttempt[], url: URL, credential: Credential): CheapRequest {
  const name = nameOf(clients, 'server/discover');
  return {
    name,
    url,
    session: undefined,
    revision: modernRevision,
    isServed: ({ reply }) => reply.kind === 'result',
    ...sending(run, url, credential, () => run.messages.modern(name)),
    close: async () => {},
  };
}

async function openSession(
  run: Run,
  clients: ClientAttempt[],
  url: URL,
  credential: Credential,
  revision?: string,
) {
  const name = nameOf(clients, 'ping');
  const note = revision === undefined ? ', for cheap requests' : `, for arrays of revision ${revision}`;
  const seen = await initialize(run, url, credential, note, revision);
  const session = await beginSession(run, url, credential, seen);
  if (session === undefined) return { refused: seen };
  const cheap: CheapRequest = {
    name,
    url,
    session,
    revision: session.revision,
    isServed: ({ reply }) => reply.kind === 'result',
    ...sending(run, url, credential, () => run.messages.legacy(name, session)),
    close: () => endSession(run, url, credential, session),
  };
  return { cheap };
}

async function openMessages(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
  credential: Credential,
): Promise<OpenedRequest | undefined> {
  const sse = accessed.find(({ endpoint }) => endpoint.transport === 'sse' && !endpoint.refused);
  if (sse === undefined) return undefined;
  const name = nameOf(clients, 'ping');
  const stream = await openHeldStream(run, sse.endpoint, credential);
  const { messages } = stream;
  if (messages === undefined) {
    stream.leave();
    return { refused: stream.tried[0]?.seen };
  }
  const cheap: CheapRequest = {
    name,
    url: messages,
    session: undefined,
    revision: sseRevision,
    isServed: ({ reply }) => reply.kind === 'accepted' || reply.kind === 'result',
    ...sending(run, messages, credential, () => ({ ...run.messages.legacy(name), headers: postHeaders })),
    close: async () => stream.leave(),
  };
  return { cheap };
}

function sending(
  run: Run,
  url: URL,
  credential: Credential,
  write: () => Message,
): Pick<CheapRequest, 'send' | 'sendArray'> {
  const post = (asked: Asked, message: Pick<Probe, 'id' | 'ids' | 'body'> & Pick<Message, 'headers'>) =>
    run.prober.probe({
      method: 'POST',
      url,
      credential,
      ...asked,
      ...message,
      headers: { ...message.headers, ...asked.headers },
    });
  return {
    send: (asked) => post(asked, write()),
    sendArray: (count, asked) => post(asked, run.messages.array(Array.from({ length: count }, write))),
  };
}
