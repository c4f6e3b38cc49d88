import {
  Client as CurrentClient,
  StreamableHTTPClientTransport as CurrentTransport,
} from '@modelcontextprotocol/client';
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as EarlierTransportType } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Era, Transport } from '../../../evidence/wire.ts';
import type { ListedTool } from '../../../protocol/listed-tool.ts';
import type { ClientFetch } from './client-fetch.ts';

/** What an attempt to connect needs of an official client. Every method rejects as the client does. */
export interface OfficialClient {
  connect: () => Promise<void>;
  server: () => { name: string; version: string } | undefined;
  capabilities: () => string[];
  revision: () => string;
  revisions: () => string[];
  listTools: (
    cursor: string | undefined,
  ) => Promise<{ tools: ListedTool[]; nextCursor?: string | undefined }>;
  /** Ends the session on the server, then the connection. */
  close: () => Promise<void>;
}

export interface ClientKind {
  client: 'sdk-v1' | 'sdk-v2';
  transport: Transport;
  era: Era;
  negotiates?: true;
}

/** The current client as a host runs it: it offers 2026-07-28, and falls back to `initialize`. */
export const currentClient: ClientKind = {
  client: 'sdk-v2',
  transport: 'streamable-http',
  era: 'modern',
  negotiates: true,
};
export const earlierClient: ClientKind = { client: 'sdk-v1', transport: 'streamable-http', era: 'legacy' };

interface ClientOptions {
  url: URL;
  fetch: ClientFetch;
  timeoutMs: number;
  clientVersion: string;
}

/** A lost stream is evidence, so no client reconnects. */
const noReconnection = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

/** Creates a client that is not connected yet. */
export function createOfficialClient(kind: ClientKind, options: ClientOptions): OfficialClient {
  return kind.client === 'sdk-v2'
    ? createCurrentClient(kind, options)
    : createEarlierClient(kind.transport, options);
}

function createCurrentClient(
  { negotiates }: ClientKind,
  { url, fetch, timeoutMs, clientVersion }: ClientOptions,
): OfficialClient {
  const transport = new CurrentTransport(url, { fetch, reconnectionOptions: noReconnection });
  const client = new CurrentClient(
    { name: 'mcp-prod', version: clientVersion },
    {
      capabilities: {},
      versionNegotiation: {
        mode: negotiates ? 'auto' : 'legacy',
        probe: { timeoutMs, maxRetries: 0 },
      },
    },
  );
  client.onerror = () => {};
  const timeout = { timeout: timeoutMs };
  return {
    connect: () => client.connect(transport, timeout),
    server: () => client.getServerVersion(),
    capabilities: () => Object.keys(client.getServerCapabilities() ?? {}),
    revision: () => client.getNegotiatedProtocolVersion() ?? '',
    revisions: () => client.getDiscoverResult()?.supportedVersions ?? [],
    listTools: (cursor) =>
      client.request(
        { method: 'tools/list', ...(cursor === undefined ? {} : { params: { cursor } }) },
        timeout,
      ),
    close: async () => {
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
}

function createEarlierClient(
  kind: Transport,
  { url, fetch, timeoutMs, clientVersion }: ClientOptions,
): OfficialClient {
  const streamable =
    kind === 'sse' ? undefined : new EarlierTransport(url, { fetch, reconnectionOptions: noReconnection });
  const transport = streamable ?? new SSEClientTransport(url, { fetch });
  const client = new EarlierClient({ name: 'mcp-prod', version: clientVersion }, { capabilities: {} });
  client.onerror = () => {};
  const timeout = { timeout: timeoutMs };

  // Only the transport learns the negotiated revision.
  let revision = '';
  const setRevision = transport.setProtocolVersion.bind(transport);
  transport.setProtocolVersion = (version) => {
    revision = version;
    setRevision(version);
  };

  return {
    // The v1 types were not written for exactOptionalPropertyTypes.
    connect: () => client.connect(transport as EarlierTransportType, timeout),
    server: () => client.getServerVersion(),
    capabilities: () => Object.keys(client.getServerCapabilities() ?? {}),
    revision: () => revision,
    revisions: () => [],
    listTools: (cursor) =>
      client.request(
        { method: 'tools/list', ...(cursor === undefined ? {} : { params: { cursor } }) },
        ListToolsResultSchema,
        timeout,
      ),
    close: async () => {
      await streamable?.terminateSession().catch(() => {});
      await client.close();
      await transport.close();
    },
  };
}
