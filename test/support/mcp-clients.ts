import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as StreamableHTTPClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export const clientKinds = ['v1', 'v2 modern', 'v2 legacy'] as const;
export type ClientKind = (typeof clientKinds)[number];

/** What the official clients have in common. */
export interface AnyClient {
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<Record<string, unknown>>;
  readResource(params: { uri: string }): Promise<{ contents: Array<Record<string, unknown>> }>;
  listTools(): Promise<{ tools: Array<{ name: string }> }>;
  close(): Promise<void>;
}

const about = { name: 'test', version: '1.0.0' };

/** A connected client over Streamable HTTP. */
export async function connectHttp(kind: ClientKind, url: string, token: string): Promise<AnyClient> {
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  if (kind === 'v1') {
    const client = new ClientV1(about);
    // The v1 SDK's own types do not agree under exactOptionalPropertyTypes.
    await client.connect(new StreamableHTTPClientTransportV1(new URL(url), { requestInit }) as never);
    return client as unknown as AnyClient;
  }
  return connectV2(kind, new StreamableHTTPClientTransport(new URL(url), { requestInit }));
}

/** A connected client over HTTP+SSE of revision 2024-11-05, which only the v1 SDK speaks. `url` is the event stream's. */
export async function connectSse(url: string, token: string): Promise<AnyClient> {
  const headers = { authorization: `Bearer ${token}` };
  const client = new ClientV1(about);
  const transport = new SSEClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport as never);
  return client as unknown as AnyClient;
}

/** A connected client over stdio, which starts the server and ends it when it is closed. */
export async function connectStdio(
  kind: ClientKind,
  args: string[],
  env: Record<string, string>,
): Promise<AnyClient> {
  const launch = { command: process.execPath, args, env, stderr: 'ignore' as const };
  if (kind === 'v1') {
    const client = new ClientV1(about);
    await client.connect(new StdioClientTransportV1(launch));
    return client as unknown as AnyClient;
  }
  return connectV2(kind, new StdioClientTransport(launch));
}

async function connectV2(kind: ClientKind, transport: Transport): Promise<AnyClient> {
  const mode = kind === 'v2 modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new Client(about, { versionNegotiation: { mode } });
  await client.connect(transport);
  return client as unknown as AnyClient;
}
