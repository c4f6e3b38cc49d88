import { randomBytes } from 'node:crypto';
import type { Era, RebindingProbe, Transport } from '../../../evidence/wire.ts';
import { streamHeaders } from '../mcp/requests.ts';
import { endSession, sessionOf } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';

/**
 * Sends a request that the endpoint is known to serve, once with a foreign `Origin` and once with a foreign `Host`, as
 * a page does whose name was rebound to this server's address (Streamable HTTP, "Security & Endpoint").
 */
export async function probeRebinding(
  run: Run,
  endpoint: { url: URL; transport: Transport; era: Era },
): Promise<RebindingProbe[]> {
  const stranger = `${randomBytes(8).toString('hex')}.example`;
  const probes = await together([
    send(run, endpoint, 'origin', `https://${stranger}`),
    send(run, endpoint, 'host', stranger),
  ]);
  return probes.filter((probe) => probe !== undefined);
}

async function send(
  run: Run,
  { url, transport, era }: { url: URL; transport: Transport; era: Era },
  header: 'origin' | 'host',
  value: string,
): Promise<RebindingProbe | undefined> {
  const message = era === 'modern' ? run.messages.modern('server/discover') : run.messages.initialize();
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
  if (era === 'legacy') await endSession(run, url, 'given', sessionOf(seen));
  return { header, value, exchange: seen.exchange.id, reply: seen.reply };
}
