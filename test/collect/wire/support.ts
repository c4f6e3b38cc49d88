import { afterEach, expect } from 'vitest';
import { collectWire } from '../../../src/collect/wire/collect.ts';
import type { WireOptions } from '../../../src/collect/wire/options.ts';
import type { Answer, Credential, Exchange } from '../../../src/evidence/exchange.ts';
import type { AccessOperation, Era, McpReply, WireEvidence } from '../../../src/evidence/wire.ts';
import type { TestServer } from '../../servers/listen.ts';

const started: TestServer[] = [];

/** Starts a server that is closed after the test. */
export async function using<T extends TestServer>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  started.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

/**
 * Collects from a test server with its token and without pressing it, and checks what holds for any evidence: it is plain data, does not
 * contain the token, and nothing is left open at the server.
 */
export async function collect(
  server: TestServer,
  options: Partial<WireOptions> & { anonymous?: boolean } = {},
): Promise<WireEvidence> {
  const { anonymous, ...rest } = options;
  const evidence = await collectWire({
    url: server.url,
    ...(anonymous ? {} : { token: server.token }),
    headers: [],
    endpoints: {},
    timeoutMs: 5_000,
    budgetMs: 30_000,
    clientVersion: '1.0.0',
    burst: false,
    signal: new AbortController().signal,
    ...rest,
  });
  const json = JSON.stringify(evidence);
  expect(json).not.toContain(server.token);
  expect(json).not.toContain(encodeURIComponent(Buffer.from(server.token).toString('base64').slice(0, -4)));
  expect(JSON.parse(json)).toEqual(evidence);
  await server.idle();
  return evidence;
}

export function exchangeOf(evidence: WireEvidence, id: string | undefined): Exchange {
  const exchange = evidence.exchanges.find((candidate) => candidate.id === id);
  if (exchange === undefined) throw new Error(`There is no exchange ${id}.`);
  return exchange;
}

export function answerOf(evidence: WireEvidence, id: string | undefined): Answer {
  const { outcome, purpose } = exchangeOf(evidence, id);
  if (outcome.kind !== 'answer') throw new Error(`${purpose}: ${outcome.message}`);
  return outcome;
}

export interface Access {
  path: string;
  operation: AccessOperation;
  era?: Era | undefined;
  credential: Credential;
  status: number | undefined;
  reply: McpReply['kind'];
}

/** Every access probe of every endpoint but those with a derived token, in a form that is easy to compare. */
export function accessOf(evidence: WireEvidence): Access[] {
  return evidence.endpoints.flatMap(({ url, access }) =>
    access
      .filter(({ derived }) => derived === undefined)
      .map(({ operation, era, credential, exchange, reply }) => {
        const { outcome } = exchangeOf(evidence, exchange);
        return {
          path: new URL(url).pathname,
          operation,
          era,
          credential,
          status: outcome.kind === 'answer' ? outcome.status : undefined,
          reply: reply.kind,
        };
      }),
  );
}

/** The access probes of one credential as `operation/era status reply`. */
export function accessLines(evidence: WireEvidence, credential: Credential): string[] {
  return accessOf(evidence)
    .filter((access) => access.credential === credential)
    .map(
      ({ operation, era, status, reply }) =>
        `${[operation, era].filter(Boolean).join('/')} ${status} ${reply}`,
    );
}

/** The clients' outcomes as `client transport era outcome`. */
export function clientLines(evidence: WireEvidence): string[] {
  return evidence.clients.map(({ client, transport, era, outcome }) => {
    const result = outcome.connected
      ? outcome.revision
      : [outcome.reason, outcome.status].filter(Boolean).join(' ');
    return `${client} ${transport} ${era}: ${result}`;
  });
}

/** Status or failure of one health path. */
export function healthAt(evidence: WireEvidence, path: string): Exchange['outcome'] {
  const found = evidence.health.paths.find((candidate) => candidate.path === path);
  return exchangeOf(evidence, found?.exchange).outcome;
}
