import { randomUUID } from 'node:crypto';
import type { Transport } from '../../../evidence/wire.ts';
import { streamHeaders } from '../../../protocol/messages.ts';
import { directoryOf, usualEndpoints } from '../../../protocol/usual-paths.ts';
import { endSession, initialize, sessionOf, withCredential } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';
import type { Seen } from './probe.ts';

/** An MCP endpoint that was found, with the exchange that showed it. */
export interface Found {
  url: URL;
  transport: Transport;
  /** The first `initialize` with the given credential; its session is still open. Streamable HTTP only. */
  initialized?: Seen;
  /** It refused the given credential, so that nothing of MCP was seen there. */
  refused?: true;
}

interface Candidate {
  url: URL;
  transport: Transport | 'either';
  /** Where a redirect led to; it leads no further. */
  redirected?: true;
}

/**
 * Milliseconds to wait for an event stream to open and to name its endpoint. A proxy that holds the stream back lets
 * one wait for ever.
 */
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
 * Endpoints at the usual paths that nobody named, as far as the server answers there as it does nowhere else: many
 * answer anything alike, and many ask for credentials before they look at the path. Above the directory of the named URL
 * may stand another server, which is none of this audit's business.
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
    // An `endpoint` event is enough by itself: nothing but an HTTP+SSE endpoint sends one.
    const plain = transport === 'sse' && alike.every((endpoint) => !endpoint.refused);
    const control = plain ? undefined : await askNowhere(run, transport);
    for (const endpoint of alike) {
      // A root that refuses may be anything: a web site, a dashboard.
      const told = endpoint.refused
        ? !isRefusal(control) && control?.answer !== undefined && endpoint.url.pathname !== base
        : !answersMcp(control, transport);
      if (told) real.push(endpoint);
      else await endSession(run, endpoint.url, 'given', sessionOf(endpoint.initialized));
    }
  }
  return real;
}

async function examine(run: Run, candidate: Candidate, connected: boolean): Promise<Found[]> {
  const { url, transport } = candidate;
  let refused = false;
  let posted: Seen | undefined;
  if (transport !== 'sse') {
    posted = await initialize(run, url, 'given');
    const target = redirectWithin(url, posted);
    if (target !== undefined && !candidate.redirected) {
      return examine(run, { url: target, transport: 'streamable-http', redirected: true }, connected);
    }
    refused = isRefusal(posted);
    if (connected || (answersMcp(posted, 'streamable-http') && !(await isNotFound(run, posted)))) {
      return [
        { url, transport: 'streamable-http', ...(posted === undefined ? {} : { initialized: posted }) },
      ];
    }
  }
  if (transport !== 'streamable-http' && (!refused || transport === 'sse')) {
    const stream = await openStream(run, url);
    if (answersMcp(stream, 'sse')) return [{ url, transport: 'sse' }];
    if (transport === 'sse') {
      refused = isRefusal(stream);
      noteSilence(run, stream, url);
    }
  }
  if (!refused) return [];
  return [
    {
      url,
      transport: transport === 'sse' ? 'sse' : 'streamable-http',
      refused,
      ...(posted === undefined ? {} : { initialized: posted }),
    },
  ];
}

/** A stream that neither opens nor fails may be one that a proxy holds back: whoever reads the report should know. */
function noteSilence(run: Run, stream: Seen | undefined, url: URL): void {
  const outcome = stream?.exchange.outcome;
  if (outcome?.kind !== 'failure' || outcome.reason !== 'timeout') return;
  run.prober.omit(
    `endpoint at ${url.pathname}`,
    `${outcome.message} Whether MCP is served there is not known.`,
  );
}

function openStream(run: Run, url: URL): Promise<Seen | undefined> {
  return run.prober.probe({
    purpose: `event stream ${withCredential(run, 'given')}`,
    method: 'GET',
    url,
    credential: 'given',
    headers: streamHeaders,
    timeoutMs: Math.min(endpointEventMs, run.options.timeoutMs),
    patienceMs: endpointEventMs,
  });
}

/** The same request on a path that cannot exist. */
async function askNowhere(run: Run, transport: Transport): Promise<Seen | undefined> {
  const url = atPath(run.options.url, `${directoryOf(run.options.url)}${randomUUID()}`);
  if (transport === 'sse') return openStream(run, url);
  const seen = await initialize(run, url, 'given', ', on a path that cannot exist');
  await endSession(run, url, 'given', sessionOf(seen));
  return seen;
}

/** A JSON-RPC error with the status 404 may be how this server says that there is nothing at a path. */
async function isNotFound(run: Run, seen: Seen | undefined): Promise<boolean> {
  if (seen?.reply.kind !== 'error' || seen.answer?.status !== 404) return false;
  return answersMcp(await askNowhere(run, 'streamable-http'), 'streamable-http');
}

function answersMcp(seen: Seen | undefined, transport: Transport): boolean {
  if (seen === undefined || isRefusal(seen)) return false;
  if (transport === 'sse') return seen.event?.type === 'endpoint';
  if (seen.reply.kind === 'result') return typeof seen.result?.protocolVersion === 'string';
  return seen.reply.kind === 'error';
}

function isRefusal(seen: Seen | undefined): boolean {
  return seen?.answer?.status === 401 || seen?.answer?.status === 403;
}

/** Where a redirect that keeps the method leads, when that is another path of the same origin. */
function redirectWithin(url: URL, seen: Seen | undefined): URL | undefined {
  const { status, headers } = seen?.answer ?? {};
  if ((status !== 307 && status !== 308) || headers?.location === undefined) return undefined;
  if (!URL.canParse(headers.location, url.href)) return undefined;
  const target = new URL(headers.location, url);
  return target.origin === url.origin && !samePath(target, url) ? target : undefined;
}

/** The URL of another path of the same origin, with no query. */
export function atPath(url: URL, path: string): URL {
  const result = new URL(url.origin);
  const [pathname = '/', query = ''] = path.split('?');
  result.pathname = pathname;
  result.search = query;
  return result;
}

export function samePath(left: URL, right: URL): boolean {
  return left.pathname === right.pathname;
}

function distinct(candidates: Candidate[]): Candidate[] {
  return candidates.filter(
    (candidate, index) => candidates.findIndex((other) => samePath(other.url, candidate.url)) === index,
  );
}
