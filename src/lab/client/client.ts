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
import { toJson } from '../../text/json.ts';
import { singleLine } from '../../text/printable.ts';
import type { Canaries } from '../world/canaries.ts';
import type { Clock } from '../world/clock.ts';

export interface ConnectOptions {
  /** Milliseconds for each request, unless a call says otherwise. */
  timeoutMs: number;
  clientVersion: string;
  canaries: Canaries;
  /** The clock of the instance. */
  now: Clock;
  signal: AbortSignal;
}

/** Carries the messages of a client to one server. */
export interface Link {
  /** Null: over stdio. */
  url: URL | null;
  transport: Transport;
  /** Which revisions the client offers, and how it negotiates. */
  negotiation: OfficialOptions['versionNegotiation'];
  /** Adds headers to the messages of a call. */
  withHeaders: <T>(headers: Record<string, string>, work: () => Promise<T>) => Promise<T>;
  /** Runs before the client is closed. */
  leave: () => Promise<void>;
  close: () => Promise<void>;
}

export interface CallOptions {
  /** Milliseconds until the client gives up. */
  timeoutMs?: number;
  /** Over HTTP. */
  headers?: Record<string, string>;
}

/** A connected client. Calls reject only on an abort: failures of the server are in the record. */
export interface LabClient {
  facts: ConnectionFacts;
  tools: ListedTool[];
  call: (tool: string, args: Record<string, unknown>, options?: CallOptions) => Promise<CallRecord>;
  /** Requests the first page of the tools. */
  list: (options?: Pick<CallOptions, 'timeoutMs'>) => Promise<ListRecord>;
  close: () => Promise<void>;
}

const maxTextCharacters = 4_000;
const maxPages = 20;
const maxTools = 500;

/**
 * Connects the official client and lists the tools.
 *
 * @throws ConnectionRefused with the reason, masked; the reason of an abort
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
  const clean = (text: string) =>
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
        revision: clean(revision),
        server: server === undefined ? null : { name: clean(server.name), version: clean(server.version) },
        tools: tools.map(({ name }) => clean(name)),
      },
      tools,
      call: async (tool, args, { timeoutMs: bound = timeoutMs, headers = {} } = {}) => {
        const sentMs = Math.round(now());
        const work = () =>
          client.request(
            { method: 'tools/call', params: { name: tool, arguments: args } },
            { timeout: bound, signal },
          );
        const texts: string[] = [];
        const record = (text: string) => {
          texts.push(text);
          return clean(text);
        };
        const outcome = await link.withHeaders(headers, work).then(
          (result) => resultOutcome(result, record),
          (error) => failureOutcome(error, record),
        );
        signal.throwIfAborted();
        return {
          tool: clean(tool),
          arguments: JSON.parse(canaries.mask(JSON.stringify(args))),
          sentMs,
          endedMs: Math.round(now()),
          outcome,
          ...canaries.leaksIn(...texts),
        };
      },
      list: async ({ timeoutMs: bound = timeoutMs } = {}) => {
        const sentMs = Math.round(now());
        const outcome = await client.request({ method: 'tools/list' }, { timeout: bound, signal }).then(
          ({ tools: listed }) => ({ tools: listed.length }),
          (error) => ({ tools: null, problem: clean(explain(error)) }),
        );
        signal.throwIfAborted();
        return { sentMs, endedMs: Math.round(now()), ...outcome };
      },
      close,
    };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw new ConnectionRefused(clean(explain(error)), error instanceof ProtocolError);
  }
}

/** The server did not serve the client. */
export class ConnectionRefused extends Error {
  /** The server answered with a JSON-RPC error. */
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

type Clean = (text: string) => string;

function resultOutcome(
  result: { isError?: boolean | undefined; content?: { type: string }[]; structuredContent?: unknown },
  clean: Clean,
): CallOutcome {
  const text = (result.content ?? []).map((part) => {
    const content = (part as { text?: unknown }).text;
    return typeof content === 'string' ? content : `[${part.type}]`;
  });
  const isError = result.isError === true;
  const besides = isError ? detailOf(result.structuredContent, clean) : {};
  return { kind: 'result', isError, text: clean(text.join('\n')), ...besides };
}

function failureOutcome(error: unknown, clean: Clean): CallOutcome {
  const message = clean(explain(error));
  if (error instanceof ProtocolError) {
    return { kind: 'protocol-error', code: error.code, message, ...detailOf(error.data, clean) };
  }
  if (error instanceof SdkHttpError) {
    const body = String(error.data.text ?? '');
    // The official client stops at the status. A JSON-RPC error in the body is an answer too.
    const response = error.status >= 500 ? readResponse(body, undefined) : undefined;
    const outcome: CallOutcome =
      response?.reply.kind === 'error'
        ? { kind: 'protocol-error', code: response.reply.code, message: clean(response.reply.message) }
        : { kind: 'http-error', status: error.status, message };
    return { ...outcome, ...detailOf(response?.detail ?? body, clean) };
  }
  const timedOut = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
  return { kind: 'no-answer', timedOut, message };
}

/** What an error says besides its message. */
function detailOf(value: unknown, clean: Clean): { detail?: string } {
  const text = typeof value === 'string' ? value : (toJson(value) ?? '');
  return text === '' ? {} : { detail: clean(text) };
}

/** Errors of fetch have their reason in the cause. */
function explain(error: unknown): string {
  if (error instanceof ProtocolError) return `MCP error ${error.code}: ${error.message}`;
  if (error instanceof SdkHttpError) return `HTTP ${error.status}`;
  return describeFailure(error).message;
}
