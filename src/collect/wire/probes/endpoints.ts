import { randomUUID } from 'node:crypto';
import type { Transport } from '../../../evidence/wire.ts';
import { directoryOf, usualEndpoints } from '../../../protocol/usual-paths.ts';
import { streamRequest } from '../mcp/requests.ts';
import { endSession, initialize, sessionOf } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';
import type { ProbeResult } from './probe.ts';

/** An MCP endpoint that was found, with the exchange that showed it. */
export interface Found {
  url: URL;
  transport: Transport;
  /** The first `initialize` with the given credential; its session is still open. Streamable HTTP only. */
  initialized?: ProbeResult;
  /** The server refused the given credential there, so it may be no MCP endpoint. */
  refused?: true;
}

interface Candidate {
  url: URL;
  transport: Transport | 'either';
  /** The target of a redirect. A second redirect is not followed. */
  redirected?: true;
}

/** Milliseconds for an event stream to open and to name its endpoint. A proxy may hold the stream back for ever. */
const endpointEventMs = 2_000;

/** The endpoints at the URLs that the user and the configuration name. */
export async function findNamedEndpoints(run: Run, connected: boolean): Promise<Found[]> {
  const { url, endpoints } = run.options;
  const candidates: Candidate[] = [{ url, transport: 'either' }];
  if (endpoints.mcp !== undefined) {
    candidates.push({ url: atPath(url, endpoints.mcp), transport: 'streamable-http' });
  }
  if (endpoints.sse !== undefined) {
    const sse = atPath(url, endpoints.sse);
    if (samePath(sse, url)) candidates.shift();
    candidates.push({ url: sse, transport: 'sse' });
  }
  const found = await together(
    distinct(candidates).map((candidate) =>
      examine(run, candidate, connected && samePath(candidate.url, url) && candidate.transport !== 'sse'),
    ),
  );
  return found.flat();
}

/**
 * The other endpoints at the usual paths, where the server answers differently from a made-up path: many servers answer every
 * path alike. Above the directory of the named URL another server may run, so no path there is requested.
 */
export async function findUsualEndpoints(run: Run, known: Found[]): Promise<Found[]> {
  const asked = [run.options.url, ...known.map(({ url }) => url)];
  const base = directoryOf(run.options.url);
  const candidates = usualEndpoints
    .map(({ path, transport }) => ({ url: atPath(run.options.url, `${base}${path}`), transport }))
    .filter(({ url }) => !asked.some((other) => samePath(other, url)));
  const found = (await together(candidates.map((candidate) => examine(run, candidate, false)))).flat();
  const real: Found[] = [];
  for (const transport of ['streamable-http', 'sse'] as const) {
    const alike = found.filter((endpoint) => endpoint.transport === transport);
    if (alike.length === 0) continue;
    // Only an HTTP+SSE endpoint sends an `endpoint` event, so it needs no control.
    const proven = transport === 'sse' && alike.every((endpoint) => !endpoint.refused);
    const control = proven ? undefined : await requestMadeUpPath(run, transport);
    for (const endpoint of alike) {
      // A root that refuses may be a web site or a dashboard.
      const isReal = endpoint.refused
        ? !isRefusal(control) && control?.answer !== undefined && endpoint.url.pathname !== base
        : !answersMcp(control, transport);
      if (isReal) real.push(endpoint);
      else await endSession(run, endpoint.url, 'given', sessionOf(endpoint.initialized));
    }
  }
  return real;
}

async function examine(run: Run, candidate: Candidate, connected: boolean): Promise<Found[]> {
  const { url, transport } = candidate;
  let refused = false;
  let posted: ProbeResult | undefined;
  if (transport !== 'sse') {
    posted = await initialize(run, url, 'given');
    const target = redirectWithin(url, posted);
    if (target !== undefined && !candidate.redirected) {
      return examine(run, { url: target, transport: 'streamable-http', redirected: true }, connected);
    }
    refused = isRefusal(posted);
    if (connected || (answersMcp(posted, 'streamable-http') && !(await isNotFound(run, posted)))) {
      return [{ url, transport: 'streamable-http', ...initialized(posted) }];
    }
  }
  if (transport !== 'streamable-http' && (!refused || transport === 'sse')) {
    const stream = await openStream(run, url);
    if (answersMcp(stream, 'sse')) return [{ url, transport: 'sse' }];
    if (transport === 'sse') {
      refused = isRefusal(stream);
      noteTimeout(run, stream, url);
    }
  }
  if (!refused) return [];
  return [
    { url, transport: transport === 'sse' ? 'sse' : 'streamable-http', refused, ...initialized(posted) },
  ];
}

const initialized = (posted: ProbeResult | undefined): Pick<Found, 'initialized'> =>
  posted === undefined ? {} : { initialized: posted };

/** A proxy may hold back a stream that neither opens nor fails, so the report mentions it. */
function noteTimeout(run: Run, stream: ProbeResult | undefined, url: URL): void {
  const outcome = stream?.exchange.outcome;
  if (outcome?.kind !== 'failure' || outcome.reason !== 'timeout') return;
  run.prober.omit(
    `endpoint at ${url.pathname}`,
    `${outcome.message} Whether the server serves MCP there is unknown.`,
  );
}

function openStream(run: Run, url: URL): Promise<ProbeResult | undefined> {
  const timeoutMs = Math.min(endpointEventMs, run.options.timeoutMs);
  return run.prober.probe({ ...streamRequest(run, url, 'given', endpointEventMs), timeoutMs });
}

/** The same request on a made-up path. */
async function requestMadeUpPath(run: Run, transport: Transport): Promise<ProbeResult | undefined> {
  const url = atPath(run.options.url, `${directoryOf(run.options.url)}${randomUUID()}`);
  if (transport === 'sse') return openStream(run, url);
  const result = await initialize(run, url, 'given', ', on a made-up path');
  await endSession(run, url, 'given', sessionOf(result));
  return result;
}

/** A JSON-RPC error with status 404 may be this server's response to an unknown path. */
async function isNotFound(run: Run, result: ProbeResult | undefined): Promise<boolean> {
  if (result?.reply.kind !== 'error' || result.answer?.status !== 404) return false;
  return answersMcp(await requestMadeUpPath(run, 'streamable-http'), 'streamable-http');
}

function answersMcp(result: ProbeResult | undefined, transport: Transport): boolean {
  if (result === undefined || isRefusal(result)) return false;
  if (transport === 'sse') return result.event?.type === 'endpoint';
  if (result.reply.kind === 'result') return typeof result.result?.protocolVersion === 'string';
  return result.reply.kind === 'error';
}

function isRefusal(result: ProbeResult | undefined): boolean {
  return result?.answer?.status === 401 || result?.answer?.status === 403;
}

/** The target of a redirect that keeps the method, when that is another path of the same origin. */
function redirectWithin(url: URL, result: ProbeResult | undefined): URL | undefined {
  const { status, headers } = result?.answer ?? {};
  if ((status !== 307 && status !== 308) || headers?.location === undefined) return undefined;
  if (!URL.canParse(headers.location, url.href)) return undefined;
  const target = new URL(headers.location, url);
  return target.origin === url.origin && !samePath(target, url) ? target : undefined;
}

/** The URL of another path of the same origin, with the query of that path only. */
export function atPath(url: URL, path: string): URL {
  const result = new URL(url.origin);
  const [pathname = '/', query = ''] = path.split('?');
  result.pathname = pathname;
  result.search = query;
  return result;
}

function samePath(left: URL, right: URL): boolean {
  return left.pathname === right.pathname;
}

function distinct(candidates: Candidate[]): Candidate[] {
  return candidates.filter(
    (candidate, index) => candidates.findIndex((other) => samePath(other.url, candidate.url)) === index,
  );
}
