import type { ServerResponse } from 'node:http';
import type { FaultName, GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { Authorization } from '../authorization/authorization.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';
import type { Authority } from './authority.ts';
import type { CannedAnswers } from './canned.ts';
import { challenge, noCredential } from './connections.ts';
import type { GatewayCredential } from './credential.ts';
import { createFaults } from './faults/faults.ts';
import { refuse } from './faults/refuse.ts';
import { readBody, urlOf } from './incoming.ts';
import { type ListenerOptions, openListener } from './listener.ts';
import { createRecord, type Entry, type Recording } from './record.ts';

/** Between one instance of the server under test and everything upstream of it. */
export interface Gateway {
  /** On 127.0.0.1, for redirected connections and as an HTTP proxy. */
  port: number;
  /** Sets the fault for requests that arrive from now on. `refuse` also resets open connections. */
  set: (fault: FaultName) => Promise<void>;
  record: () => GatewayRecord;
  /** Resolves when this many requests have arrived in total, or when the gateway closes. */
  arrived: (count: number) => Promise<void>;
  /** The experiment is over: requests that end from now on count as cut, not as given up by the server. */
  conclude: () => void;
  /** Cuts open requests. */
  close: () => Promise<void>;
}

export interface GatewayOptions {
  authority: Authority;
  /** Connections and requests of the server under test present it. */
  credential: GatewayCredential;
  answers: CannedAnswers;
  /** Answers for its own hosts, whatever the fault: the gateway is also asked for them as a proxy. */
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

  const handle: ListenerOptions['handle'] = async (request, response, route) => {
    if (!listener.connections.admits(request)) return refuseStranger(response, record.failed);
    const body = await readBody(request);
    const url = urlOf(request, route);
    if (url === undefined || body === undefined) {
      record.failed(
        route.named,
        body === undefined ? 'The request body did not end.' : 'The request named no host.',
      );
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
      host: url.host,
      url,
      body,
      reset: () => listener.connections.reset(route.raw),
      answeredBy: entry.answeredBy,
      cut: entry.cut,
    });
  };

  const cutRequests = () => {
    for (const entry of open.values()) entry.cut();
  };
  const listener = await openListener({ authority, credential, failed: record.failed, handle });
  let changing = Promise.resolve();

  return {
    port: listener.port,
    set: (wanted) => {
      const change = async () => {
        const before = fault;
        if (wanted === before) return;
        fault = wanted;
        record.fault(wanted);
        if (wanted === 'refuse') await refuse(listener, cutRequests);
        if (before === 'refuse') await listener.accept();
      };
      changing = changing.then(change);
      return changing;
    },
    record: record.facts,
    arrived: record.arrived,
    conclude: () => {
      concluded = true;
      cutRequests();
    },
    close: async () => {
      await changing;
      cutRequests();
      await listener.refuse(listener.connections.destroyAll);
      // Their sockets may close later. The record is complete now.
      for (const [response, entry] of open) entry.over(response);
      open.clear();
      record.end();
    },
  };
}

/** Some clients send the credentials of a proxy URL only on request (RFC 9110 section 15.5.8). */
function refuseStranger(response: ServerResponse, failed: Recording['failed']): void {
  failed(null, noCredential);
  response.writeHead(407, { 'proxy-authenticate': challenge, connection: 'close' });
  response.end();
}

/** If the configuration also lists its host as an upstream, only its documents belong to the authorization server. */
function speaksFor(
  authorization: Authorization | null,
  url: URL,
  answers: CannedAnswers,
): authorization is Authorization {
  if (authorization === null) return false;
  if (authorization.document(url) !== undefined) return true;
  return authorization.hosts.includes(url.host) && !answers.has(url.host);
}
