import { randomBytes } from 'node:crypto';
import type { Era, RebindingProbe, Transport } from '../../../evidence/wire.ts';
import type { Session } from '../../../protocol/messages.ts';
import { streamRequest } from '../mcp/requests.ts';
import { type Run, together } from '../run.ts';
import type { Probe } from './probe.ts';

interface Endpoint {
  url: URL;
  transport: Transport;
  era: Era;
  session: Session | undefined;
}

/**
 * Sends a request that the endpoint is known to serve, once with a foreign `Origin` and once with a foreign `Host`, as
 * a page does whose name was rebound to this server's address (Streamable HTTP, "Security & Endpoint").
 */
export async function probeRebinding(run: Run, endpoint: Endpoint): Promise<RebindingProbe[]> {
  const foreign = `${randomBytes(8).toString('hex')}.example`;
  const probes = await together([
    send(run, endpoint, 'origin', `https://${foreign}`),
    send(run, endpoint, 'host', foreign),
  ]);
  return probes.filter((probe) => probe !== undefined);
}

async function send(
  run: Run,
  endpoint: Endpoint,
  header: 'origin' | 'host',
  value: string,
): Promise<RebindingProbe | undefined> {
  const request = validRequest(run, endpoint);
  const result = await run.prober.probe({
    ...request,
    purpose: `a request with a foreign ${header === 'origin' ? 'Origin' : 'Host'}`,
    headers: { ...request.headers, [header]: value },
  });
  return result && { header, value, exchange: result.exchange.id, reply: result.reply };
}

function validRequest(run: Run, { url, transport, era, session }: Endpoint): Omit<Probe, 'purpose'> {
  if (transport === 'sse') return streamRequest(run, url, 'given', Math.min(2_000, run.options.timeoutMs));
  const ping = () =>
    session?.id === undefined ? run.messages.initialize() : run.messages.legacy('ping', session);
  const message = era === 'modern' ? run.messages.modern('server/discover') : ping();
  return { method: 'POST', url, credential: 'given', ...message };
}
