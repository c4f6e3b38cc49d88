import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import { httpSettings } from '../../src/http/settings.ts';
import { createLogger } from '../../src/logging/logger.ts';
import { createServices, type Services } from '../../src/services.ts';
import { coreSettings } from '../../src/settings.ts';
import { type Credentials, startCredentials } from './credentials.ts';
import { type StandIn, startStandIn } from './stand-in.ts';
import { standInEnv } from './stand-in-answers.ts';
import { storeEnv } from './store-env.ts';

export interface TestServer extends HttpApp {
  url: string;
  credentials: Credentials;
  services: Services;
  upstream: StandIn;
  /** The log, parsed. */
  lines: Array<Record<string, unknown>>;
}

/** The real server on a free port, before a stand-in for the weather service. Both end with the test. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const [upstream, credentials] = await Promise.all([startStandIn(), startCredentials()]);
  const given = { ...credentials.env, ...standInEnv(upstream.url), ...storeEnv, ...env };
  const settings = readSettings({ ...coreSettings, ...httpSettings }, given);
  const lines: Array<Record<string, unknown>> = [];
  const log = createLogger({ write: (line) => void lines.push(JSON.parse(line)) }, given);
  log.level = settings.LOG_LEVEL;
  const services = createServices(settings);
  const http = await createApp(settings, services, log);
  await http.app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await Promise.all(http.endpoints.map((endpoint) => endpoint.close()));
    http.app.server.closeAllConnections();
    await http.app.close();
    await services.close();
    await Promise.all([upstream.close(), credentials.close()]);
  });
  const { port } = http.app.server.address() as AddressInfo;
  return { ...http, url: `http://127.0.0.1:${port}`, credentials, services, upstream, lines };
}

/** The header of the first known client; none where nobody has to show one. */
export function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** A connected client of the given era, closed with the test. */
export async function connect(server: TestServer, era: 'legacy' | 'modern'): Promise<Client> {
  const mode = era === 'legacy' ? ('legacy' as const) : { pin: '2026-07-28' };
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: authorization(server.credentials.token) },
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

/** One bare tools/call, for tests of what happens around the protocol. */
export function post(
  server: TestServer,
  headers: Record<string, string> = {},
  body: string = call('London'),
) {
  return fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      ...authorization(server.credentials.token),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body,
  });
}

export function call(city: string): string {
  const params = { name: 'get_weather', arguments: { city } };
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
}
