import {
  Client,
  type ClientOptions as OfficialOptions,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  type Transport,
} from '@modelcontextprotocol/client';
import type { CallOutcome, CallRecord, ConnectionFacts, ListRecord } from '../../evidence/lab/client.ts';
import { describeFailure } from '../../protocol/failures.ts';
import type { ListedTool } from '../../protocol/listed-tool.ts';
import { readResponse } from '../../protocol/reply.ts';
import { modernRevision } from '../../protocol/revisions.ts';
import { singleLine } from '../../text/printable.ts';
import type { Canaries } from '../world/canaries.ts';
import type { Clock } from '../world/clock.ts';

export interface ConnectOptions {
  /** Milliseconds for each request, unless a call says otherwise. */
  timeoutMs: number;
  clientVersion: string;
  canaries: Canaries;
  /** Of the instance. */
  now: Clock;
  signal: AbortSignal;
}

/** What carries a client's messages to one server. */
export interface Link {
  /** Where it leads; null: to a process that the lab has started. */
  url: URL | null;
  transport: Transport;
  /** Which revisions the client speaks, and how it finds out which of them the server does. */
  negotiation: OfficialOptions['versionNegotiation'];
  /** Runs a call whose messages carry these headers besides, where there are any. */
  withHeaders: <T>(headers: Record<string, string>, work: () => Promise<T>) => Promise<T>;
  /** Before the client is closed. */
  leave: () => Promise<void>;
  close: () => Promise<void>;
}

export interface CallOptions {
  /** Milliseconds until we give up. */
  timeoutMs?: number;
  /** Over HTTP. */
  headers?: Record<string, string>;
}

/** A host's client, connected. Calls never reject for what the server does. */
export interface LabClient {
  facts: ConnectionFacts;
  tools: ListedTool[];
  call: (tool: string, words: Record<string, unknown>, options?: CallOptions) => Promise<CallRecord>;
  /** The first page of the tools. */
  list: (options?: Pick<CallOptions, 'timeoutMs'>) => Promise<ListRecord>;
  close: () => Promise<void>;
}

const maxTextCharacters = 4_000;
const maxPages = 20;
const maxTools = 500;

/**
 * Connects the official client and lists the tools.
 *
 * @throws ConnectionRefused saying, masked, why it did not come about; the reason of an abort
 */
export async function connectOver(link: Link, options: ConnectOptions): Promise<LabClient> {
  const { url, transport } = link;
  const { canaries, timeoutMs, signal, now } = options;
  const client = new Client(
    { name: 'mcp-prod', version: options.clientVersion },
    { capabilities: {}, ...(link.negotiation !== undefined && { versionNegotiation: link.negotiation }) },
  );
  client.onerror = () => {};
  const close = async () => {
    await link.leave();
    await client.close().catch(() => {});
    await link.close();
  };
  const told = (text: string) =>
    canaries.beginning(singleLine(text, 2 * maxTextCharacters), maxTextCharacters);

  try {
    await client.connect(transport, { timeout: timeoutMs, signal });
    const tools = await listTools(client, timeoutMs, signal);
    const server = client.getServerVersion();
    const revision = client.getNegotiatedProtocolVersion() ?? '';
    return {
      facts: {
        url: url === null ? null : canaries.mask(url.href),
        era: revision >= modernRevision ? 'modern' : 'legacy',
        revision: told(revision),
        server: server === undefined ? null : { name: told(server.name), version: told(server.version) },
        tools: tools.map(({ name }) => told(name)),
      },
      tools,
      call: async (tool, words, { timeoutMs: bound = timeoutMs, headers = {} } = {}) => {
        const sentMs = Math.round(now());
        const work = () =>
          client.request(
            { method: 'tools/call', params: { name: tool, arguments: words } },
            { timeout: bound, signal },
          );
        const found = new Set<string>();
        const tell = (text: string) => {
          for (const name of canaries.namesIn(text)) found.add(name);
          return told(text);
        };
        const outcome = await link.withHeaders(headers, work).then(
          (result) => resultOutcome(result, tell),
          (error) => failureOutcome(error, tell),
        );
        signal.throwIfAborted();
        return {
          tool: told(tool),
          arguments: JSON.parse(canaries.mask(JSON.stringify(words))),
          sentMs,
          endedMs: Math.round(now()),
          outcome,
          ...(found.size > 0 && { canaries: [...found] }),
        };
      },
      list: async ({ timeoutMs: bound = timeoutMs } = {}) => {
        const sentMs = Math.round(now());
        const outcome = await client.request({ method: 'tools/list' }, { timeout: bound, signal }).then(
          ({ tools: listed }) => ({ tools: listed.length }),
          (error) => ({ tools: null, problem: told(explain(error)) }),
        );
        signal.throwIfAborted();
        return { sentMs, endedMs: Math.round(now()), ...outcome };
      },
      close,
    };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw new ConnectionRefused(told(explain(error)), error instanceof ProtocolError);
  }
}

/** No client was served. */
export class ConnectionRefused extends Error {
  /** The server answered, and the answer was an error of JSON-RPC. */
  readonly answered: boolean;

  constructor(message: string, answered: boolean) {
    super(message);
    this.name = 'ConnectionRefused';
    this.answered = answered;
  }
}

async function listTools(client: Client, timeout: number, signal: AbortSignal): Promise<ListedTool[]> {
  const tools: ListedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const params = cursor === undefined ? {} : { params: { cursor } };
    const listed = await client.request({ method: 'tools/list', ...params }, { timeout, signal });
    tools.push(...listed.tools.slice(0, maxTools - tools.length));
    cursor = listed.nextCursor;
    if (cursor === undefined || tools.length >= maxTools) break;
  }
  return tools;
}

type Told = (text: string) => string;

function resultOutcome(
  result: { isError?: boolean | undefined; content?: { type: string }[] },
  told: Told,
): CallOutcome {
  const text = (result.content ?? []).map((part) => {
    const words = (part as { text?: unknown }).text;
    return typeof words === 'string' ? words : `[${part.type}]`;
  });
  return { kind: 'result', isError: result.isError === true, text: told(text.join('\n')) };
}

function failureOutcome(error: unknown, told: Told): CallOutcome {
  const message = told(explain(error));
  if (error instanceof ProtocolError) return { kind: 'protocol-error', code: error.code, message };
  if (error instanceof SdkHttpError && error.status >= 500) {
    // Official clients give up at the status; a JSON-RPC error that came with it is an answer all the same.
    const said = readResponse(String(error.data.text ?? ''), undefined)?.reply;
    if (said?.kind === 'error')
      return { kind: 'protocol-error', code: said.code, message: told(said.message) };
  }
  if (error instanceof SdkHttpError) return { kind: 'http-error', status: error.status, message };
  const timedOut = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
  return { kind: 'no-answer', timedOut, message };
}

/** The client's own words where it has any: "fetch failed" has its reason in its cause. */
function explain(error: unknown): string {
  if (error instanceof ProtocolError) return `MCP error ${error.code}: ${error.message}`;
  if (error instanceof SdkHttpError) return `HTTP ${error.status}`;
  return describeFailure(error).message;
}
