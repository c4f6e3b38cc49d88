import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import {
  Client,
  ClientCredentialsProvider,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../src/report/schema.ts';
import {
  type AuthorizationServer,
  agent,
  person,
  startAuthorizationServer,
} from '../servers/authorization-server.ts';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { runCli } from '../support/cli.ts';
import { type GeneratedServer, generateProject, startGenerated } from '../support/generated-server.ts';

const scopes = ['weather:current', 'weather:forecast'];
let project: string;
let upstream: OpenWeatherMap;
let authorizationServer: AuthorizationServer;
let server: GeneratedServer;

beforeAll(async () => {
  [project, upstream] = await Promise.all([
    generateProject({ select: { auth: 'oauth' }, git: false }),
    startOpenWeatherMap(),
  ]);
  await execa('npm', ['run', '--silent', 'build'], { cwd: project });
  const publicUrl = `http://127.0.0.1:${await freePort()}`;
  authorizationServer = await startAuthorizationServer({ resource: `${publicUrl}/mcp`, scopes });
  server = await start(publicUrl);
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([upstream?.close(), authorizationServer?.close()]);
});

/** Clients compare the address that the metadata names with the one they call, so it has to be known before. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function start(publicUrl: string, env: Record<string, string> = {}): Promise<GeneratedServer> {
  return startGenerated(project, {
    WEATHER_BASE_URL: upstream.url,
    NO_PROXY: '127.0.0.1',
    PORT: new URL(publicUrl).port,
    PUBLIC_URL: publicUrl,
    OAUTH_ISSUER: authorizationServer.url,
    ...env,
  });
}

async function connect(authProvider: OAuthClientProvider, era: 'legacy' | 'modern'): Promise<Client> {
  const client = createClient(era);
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { authProvider }));
  onTestFinished(() => client.close());
  return client;
}

function createClient(era: 'legacy' | 'modern'): Client {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  return new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
}

async function clientToken(scope: string, resource = server.url, issuer = authorizationServer.url) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${agent.id}:${agent.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

function callWith(token: string, name = 'get_weather', url = server.url): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: { city: 'Oslo' } },
    }),
  });
}

test.each(['legacy', 'modern'] as const)(
  'a %s client gets itself a token with its own secret',
  async (era) => {
    const provider = new ClientCredentialsProvider({
      clientId: agent.id,
      clientSecret: agent.secret,
      expectedIssuer: authorizationServer.url,
    });
    const client = await connect(provider, era);
    const result = await client.callTool({ name: 'get_weather', arguments: { city: 'Oslo' } });
    expect(result.structuredContent).toMatchObject({ temperature: temperatureOf('Oslo') });
    await server.logged(`"client":"oauth:${agent.id}"`);
  },
);

test.each(['legacy', 'modern'] as const)(
  'a %s client that nobody knows registers, sends its user to agree, and calls',
  async (era) => {
    const memory = inMemory();
    const transport = new StreamableHTTPClientTransport(new URL(server.url), { authProvider: memory });
    await expect(createClient(era).connect(transport)).rejects.toThrow(UnauthorizedError);
    const asked = memory.askedFor();
    expect(asked.searchParams.get('resource')).toBe(server.url);
    expect(asked.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining(scopes));
    expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
    const callback = await authorizationServer.visit(asked);
    await transport.finishAuth(callback.searchParams);

    const client = await connect(memory, era);
    const { contents } = await client.readResource({ uri: 'weather://Oslo/current' });
    expect(contents).toHaveLength(1);
    await server.logged(`,${person}"`);
  },
);

test('a token allows what its scopes say', async () => {
  const token = await clientToken('weather:forecast');
  expect((await callWith(token, 'get_forecast')).status).toBe(200);
  const refused = await callWith(token, 'get_weather');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toMatch(
    /scope="weather:current", error="insufficient_scope"$/,
  );
});

test('a token for this server is no token for another', async () => {
  const other = await start(`http://127.0.0.1:${await freePort()}`);
  onTestFinished(() => void other.child.kill('SIGKILL'));
  const token = await clientToken('weather:current');
  expect((await callWith(token)).status).toBe(200);
  const refused = await callWith(token, 'get_weather', other.url);
  expect(refused.status).toBe(401);
  await other.logged('ERR_JWT_CLAIM_VALIDATION_FAILED aud');
});

test('it starts without the authorization server, and takes tokens when that is there', async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${await freePort()}`;
  const lonely = await start(publicUrl, { OAUTH_ISSUER: `http://127.0.0.1:${port}` });
  onTestFinished(() => void lonely.child.kill('SIGKILL'));
  await lonely.logged('keys of the authorization server cannot be had');
  const early = await callWith(await clientToken('weather:current'), 'get_weather', lonely.url);
  expect(early.status).toBe(503);
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);

  const late = await startAuthorizationServer({ resource: lonely.url, scopes, port });
  onTestFinished(() => late.close());
  const token = await clientToken('weather:current', lonely.url, late.url);
  await expect
    .poll(async () => (await callWith(token, 'get_weather', lonely.url)).status, {
      timeout: 20_000,
      interval: 200,
    })
    .toBe(200);
  await lonely.logged('authorization server is back');
});

test('the authorization server is asked for its keys now and then, not for every call', async () => {
  const token = await clientToken('weather:current');
  const before = authorizationServer.requests.length;
  for (let count = 0; count < 10; count += 1) expect((await callWith(token)).status).toBe(200);
  expect(authorizationServer.requests.length).toBe(before);
});

test.each(['PUBLIC_URL', 'OAUTH_ISSUER'])('without %s it does not start, and says so', async (name) => {
  await expect(start('http://127.0.0.1:1', { PORT: '0', [name]: '' })).rejects.toThrow(
    new RegExp(`exited with 1: .*${name} is not set`),
  );
});

test('the audit finds authentication and metadata in order', async () => {
  const token = await clientToken(scopes.join(' '));
  const words = ['audit', server.url, '--profile', 'extended', '--format', 'json', '--token', token];
  const { stdout } = await runCli(words, { env: { NO_PROXY: '127.0.0.1' } });
  const { rows } = JSON.parse(stdout) as Report;
  const authentication = rows.find(({ id }) => id === 'endpoint-authentication');
  expect(authentication?.verdict).toBe('pass');
  // What the identity provider says of itself is read over https only, and this one has none.
  const open = authentication?.criteria.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id);
  expect(open).toEqual(['authorization-server-metadata']);
  expect(rows.filter(({ points }) => points.lost > 0)).toEqual([]);
});

test('a call over stdio needs no token', async () => {
  const { stdout } = await execa('node', [`${project}/dist/stdio.js`], {
    env: { OPENWEATHER_API_KEY: 'an-upstream-key', WEATHER_BASE_URL: upstream.url, NO_PROXY: '127.0.0.1' },
    input: `${JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    })}\n`,
  });
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { serverInfo: expect.any(Object) } });
});

/** Keeps what a client must remember, and notes where its user is sent. */
function inMemory() {
  const kept: Record<string, unknown> = {};
  let sentTo: URL | undefined;
  const redirectUrl = 'http://127.0.0.1:9/callback';
  return {
    redirectUrl,
    clientMetadata: {
      client_name: 'test',
      redirect_uris: [redirectUrl],
      application_type: 'native',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client as never,
    saveClientInformation: (client: unknown) => void Object.assign(kept, { client }),
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => void Object.assign(kept, { tokens }),
    codeVerifier: () => String(kept.verifier),
    saveCodeVerifier: (verifier: string) => void Object.assign(kept, { verifier }),
    discoveryState: () => kept.discovery as never,
    saveDiscoveryState: (discovery: unknown) => void Object.assign(kept, { discovery }),
    redirectToAuthorization: (url: URL) => {
      sentTo = url;
    },
    askedFor: (): URL => {
      if (sentTo === undefined) throw new Error('nobody was sent anywhere');
      return sentTo;
    },
  };
}
