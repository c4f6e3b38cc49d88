import type { Credential } from '../../../evidence/exchange.ts';
import type { ClientAttempt } from '../../../evidence/wire.ts';
import { type Message, postHeaders, type Session } from '../../../protocol/messages.ts';
import { modernRevision, revisionWithArrays, sseRevision } from '../../../protocol/revisions.ts';
import type { Connection } from '../http/connection.ts';
import { beginSession, endSession, initialize } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import { openHeldStream } from './access-sse.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Probe, ProbeResult } from './probe.ts';

/** The cheapest request that a server is known to serve, ready to be sent again and again. */
export interface CheapRequest {
  /** In MCP's words. */
  name: string;
  url: URL;
  session: Session | undefined;
  /** The response that opened the session. */
  initialized?: ProbeResult;
  /** The protocol revision that it is sent in. */
  revision: string;
  /** Whether the server served the request. */
  isServed: (result: ProbeResult) => boolean;
  send: (options: SendOptions) => Promise<ProbeResult | undefined>;
  /** Sends it `count` times in one JSON-RPC array. */
  sendArray: (count: number, options: SendOptions) => Promise<ProbeResult | undefined>;
  /** Ends its session, or its stream of responses. */
  close: () => Promise<void>;
}

/** The request, or the response that refused to open a session. */
export type OpenedRequest = { cheap: CheapRequest } | { refused: ProbeResult | undefined };

/** Opens the same request for another client. Undefined: the server serves no client. */
export type OpenFor = (run: Run, credential: Credential) => Promise<OpenedRequest | undefined>;

export interface SendOptions {
  purpose: string;
  /** Default: the credential that it was opened with. */
  credential?: Credential;
  headers?: Record<string, string>;
  connection?: Connection;
}

/**
 * Opens the cheapest request that a limiter would count. Limiters within a framework may count neither `ping` nor
 * `server/discover`, so these are only for servers without tools. The request gets its own session if the server has sessions.
 *
 * @param clients the official clients' attempts, which listed the tools
 * @returns undefined when the server serves no client
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
 * Opens the cheapest request for JSON-RPC arrays: in the revision that has them, if the server has a legacy session.
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
  const listsTools = clients.some(
    ({ outcome }) =>
      outcome.connected && outcome.capabilities.includes('tools') && outcome.toolsFailure === undefined,
  );
  return listsTools ? 'tools/list' : withoutTools;
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
  const opener = { ...run, prober: run.opener ?? run.prober };
  const initialized = await initialize(opener, url, credential, note, revision);
  const session = await beginSession(opener, url, credential, initialized);
  if (session === undefined || initialized === undefined) return { refused: initialized };
  const cheap: CheapRequest = {
    name,
    url,
    session,
    initialized,
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
  const opener = { ...run, prober: run.opener ?? run.prober };
  const stream = await openHeldStream(opener, sse.endpoint, credential);
  const { messages } = stream;
  if (messages === undefined) {
    stream.leave();
    return { refused: stream.tried[0]?.result };
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
  const send = (
    options: SendOptions,
    message: Pick<Probe, 'id' | 'ids' | 'body'> & Pick<Message, 'headers'>,
  ) =>
    run.prober.probe({
      method: 'POST',
      url,
      credential,
      ...options,
      ...message,
      headers: { ...message.headers, ...options.headers },
    });
  return {
    send: (options) => send(options, write()),
    sendArray: (count, options) => send(options, run.messages.array(Array.from({ length: count }, write))),
  };
}
