import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { FaultName, GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { Authorization } from '../authorization/authorization.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';
import { freePort } from '../launcher/ports.ts';
import type { Authority } from './authority.ts';
import type { CannedAnswers } from './canned.ts';
import { challenge, createConnections, noCredential } from './connections.ts';
import type { GatewayCredential } from './credential.ts';
import { createFaults } from './faults/faults.ts';
import { acceptAgain, refuse } from './faults/refuse.ts';
import { readBody, urlOf } from './incoming.ts';
import { createRecord, type Entry, type Recording } from './record.ts';

/** Stands between one instance of the server under test and everything upstream of it. */
export interface Gateway {
  /** On 127.0.0.1, for redirected connections and as an HTTP proxy. */
  port: number;
  /** From now on, for requests that arrive. `refuse` ends those that are open as well. */
  set: (fault: FaultName) => Promise<void>;
  record: () => GatewayRecord;
  /** Resolves when that many requests arrived in all, or when it is closed. */
  arrived: (count: number) => Promise<void>;
  /** The experiment is over: requests that end from now on were cut by it, not given up by the server. */
  conclude: () => void;
  /** Cuts what is open. */
  close: () => Promise<void>;
}

export interface GatewayOptions {
  authority: Authority;
  /** What a connection or a request has to prove that it comes from the server under test. */
  credential: GatewayCredential;
  answers: CannedAnswers;
  /** Answers for its own hosts, whatever the fault: as a proxy the gateway is asked for them. */
  authorization: Authorization | null;
  canaries: Canaries;
  now: Clock;
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { authority, credential, answers, authorization, canaries, now } = options;
  const record = createRecord(canaries, now);
  const faults = createFaults(answers);
  const open = new Map<ServerResponse, Entry>();
  let concluded = false;
  let fault: FaultName = 'pass';

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const route = connections.routeOf(request.socket);
    if (route === undefined) return void response.destroy();
    response.on('error', () => {});
    if (!connections.admits(request)) return refuseStranger(response, record.failed);
    const body = await readBody(request);
    const url = urlOf(request, route);
    if (url === undefined || body === undefined) {
      record.failed(route.named, body === undefined ? 'Its body did not end.' : 'It names no host.');
      return void response.destroy();
    }
    if (speaksFor(authorization, url, answers)) return authorization.answer(url, response);
    const current = fault === 'refuse' ? 'reset' : fault;
    const entry = record.request(request, url, body, fault);
    open.set(response, entry);
    if (concluded) entry.cut();
    response.once('close', () => {
      if (open.delete(response)) entry.over(response);
    });
    await faults[current]({
      request,
      response,
      scheme: route.scheme,
      host: url.host,
      url,
      body,
      reset: () => connections.reset(route.raw),
      answeredBy: entry.answeredBy,
      cut: entry.cut,
    });
  };

  const server = createHttpServer(
    // An idle connection that the gateway closes would be a fault that nobody asked for.
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 60_000 },
    (request, response) => {
      handle(request, response).catch(() => response.destroy());
    },
  );
  const connections = createConnections(server, authority, credential, record.failed);
  const listener = createServer({ noDelay: true }, (socket: Socket) => connections.accept(socket));
  const cutAll = () => {
    for (const entry of open.values()) entry.cut();
  };
  const resetAll = () => {
    cutAll();
    connections.resetAll();
  };
  const port = await freePort();
  await acceptAgain(listener, port);
  let changing = Promise.resolve();

  return {
    port,
    set: (wanted) => {
      const change = async () => {
        const before = fault;
        if (wanted === before) return;
        fault = wanted;
        record.fault(wanted);
        if (wanted === 'refuse') await refuse(listener, resetAll);
        if (before === 'refuse') await acceptAgain(listener, port);
      };
      changing = changing.then(change);
      return changing;
    },
    record: record.facts,
    arrived: record.arrived,
    conclude: () => {
      concluded = true;
      cutAll();
    },
    close: async () => {
      await changing;
      cutAll();
      await refuse(listener, connections.destroyAll);
      // Their sockets are closed in a moment, and the record is complete now.
      for (const [response, entry] of open) entry.over(response);
      open.clear();
      record.end();
    },
  };
}

/** Some clients send what the URL of a proxy says only when they are asked (RFC 9110 section 15.5.8). */
function refuseStranger(response: ServerResponse, failed: Recording['failed']): void {
  failed(null, noCredential);
  response.writeHead(407, { 'proxy-authenticate': challenge, connection: 'close' });
  response.end();
}

/** A host that the configuration lists as an upstream besides is the authorization server's for its documents alone. */
function speaksFor(
  authorization: Authorization | null,
  url: URL,
  answers: CannedAnswers,
): authorization is Authorization {
  if (authorization === null) return false;
  if (authorization.document(url) !== undefined) return true;
  return authorization.hosts.includes(url.host) && !answers.has(url.host);
}
