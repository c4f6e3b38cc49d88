import { randomBytes } from 'node:crypto';
import type { Era, RebindingProbe, Transport } from '../../../evidence/wire.ts';
import { type Session, streamHeaders } from '../../../protocol/messages.ts';
import { type Run, together } from '../run.ts';

interface Rebound {
  url: URL;
  transport: Transport;
  era: Era;
  /** Where there is one, the request is one of it. */
  session: Session | undefined;
}

/**
 * Sends a request that the endpoint is known to serve, once with a foreign `Origin` and once with a foreign `Host`, as
 * a page does whose name was rebound to this server's address (Streamable HTTP, "Security & Endpoint").
 */
export async function probeRebinding(run: Run, endpoint: Rebound): Promise<RebindingProbe[]> {
  const stranger = `${randomBytes(8).toString('hex')}.example`;
  const probes = await together([
    send(run, endpoint, 'origin', `https://${stranger}`),
    send(run, endpoint, 'host', stranger),
  ]);
  return probes.filter((probe) => probe !== undefined);
}

async function send(
  run: Run,
  { url, transport, era, session }: Rebound,
  header: 'origin' | 'host',
  value: string,
): Promise<RebindingProbe | undefined> {
  const message = valid(run, era, session);
  const request =
    transport === 'sse'
      ? { method: 'GET', headers: streamHeaders, patienceMs: Math.min(2_000, run.options.timeoutMs) }
      : { method: 'POST', ...message };
  const seen = await run.prober.probe({
    purpose: `a request with a foreign ${header === 'origin' ? 'Origin' : 'Host'}`,
    url,
    credential: 'given',
    ...request,
    headers: { ...request.headers, [header]: value },
  });
  if (seen === undefined) return undefined;
  return { header, value, exchange: seen.exchange.id, reply: seen.reply };
}

function valid(run: Run, era: Era, session: Session | undefined) {
  if (era === 'modern') return run.messages.modern('server/discover');
  return session?.id === undefined ? run.messages.initialize() : run.messages.legacy('ping', session);
}
