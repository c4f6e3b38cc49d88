import type { ClientAttempt, ClientConnected, ToolFacts } from '../../../evidence/wire.ts';
import { type ListedTool, saysItOnlyReads } from '../../../protocol/listed-tool.ts';
import { Withheld } from '../http/gate.ts';
import type { Run } from '../run.ts';
import { createActivity } from './activity.ts';
import { createClientFetch } from './client-fetch.ts';
import { rejection } from './rejection.ts';
import { type ClientKind, createOfficialClient, type OfficialClient } from './sdk-clients.ts';

/** A client's clock runs while it prepares its first request, which takes a busy machine half a second. */
const graceMs = 1_000;
/** Milliseconds until a client is given up that waits although every answer to it is over. */
const quietMs = 500;
const maxPages = 5;
const maxTools = 500;
const maxSchemaCharacters = 16 * 1024;

/**
 * Lets an official client connect with the given credential, list tools and leave. It calls none of them.
 *
 * @returns the attempt, or undefined when the server's wish for less or the budget kept it from being made
 */
export async function attemptConnection(
  run: Run,
  kind: ClientKind,
  url: URL,
): Promise<ClientAttempt | undefined> {
  const attempt = await attemptOnce(run, kind, url);
  const slowedDown = attempt?.outcome.connected === false && attempt.outcome.status === 429;
  // The gate is still open when the server asked for a wait that is worth it.
  return slowedDown && run.gate.stopped() === undefined ? attemptOnce(run, kind, url) : attempt;
}

async function attemptOnce(run: Run, kind: ClientKind, url: URL): Promise<ClientAttempt | undefined> {
  const exchanges: string[] = [];
  const label = labelOf(kind);
  const attempt = { ...kind, url: run.masker.url(url), exchanges };
  const withheld = run.gate.stopped();
  if (withheld !== undefined) {
    run.prober.omit(label, withheld);
    return undefined;
  }
  const activity = createActivity(quietMs);
  const client = createOfficialClient(kind, {
    url,
    fetch: createClientFetch(run.recorder, 'given', label, exchanges, activity),
    // The fetch has the same limit for each request and knows better what it was waiting for.
    timeoutMs: run.options.timeoutMs + graceMs,
    clientVersion: run.options.clientVersion,
  });
  let outcome: ClientConnected | undefined;
  let failure: unknown;
  try {
    // Over HTTP+SSE the client waits for the endpoint event without any limit of its own.
    await run.within(2 * run.options.timeoutMs + graceMs, Promise.race([client.connect(), activity.quiet]));
    outcome = await facts(run, client, activity.quiet);
  } catch (error) {
    failure = error;
  } finally {
    activity.close();
    await run.within(run.options.timeoutMs, client.close()).catch(() => {});
  }
  run.options.signal.throwIfAborted();
  if (failure instanceof Withheld || (outcome === undefined && exchanges.length === 0)) {
    run.prober.omit(label, run.gate.stopped() ?? messageOf(run, failure));
    return undefined;
  }
  return { ...attempt, outcome: outcome ?? rejection(run, exchanges, messageOf(run, failure)) };
}

export function labelOf({ client, transport, era }: ClientKind): string {
  const sdk = client === 'sdk-v1' ? 'Official client v1' : 'Official client v2';
  if (transport === 'sse') return `${sdk} over HTTP+SSE`;
  return client === 'sdk-v1' ? sdk : `${sdk} (${era})`;
}

async function facts(run: Run, client: OfficialClient, quiet: Promise<never>): Promise<ClientConnected> {
  const line = (text: string) => run.masker.line(text, 200);
  const server = client.server();
  const capabilities = client.capabilities().slice(0, 50).map(line);
  const listing = capabilities.includes('tools') ? await listTools(run, client, quiet) : { tools: [] };
  return {
    connected: true,
    server: { name: line(server?.name ?? ''), version: line(server?.version ?? '') },
    revision: line(client.revision()),
    revisions: client.revisions().slice(0, 50).map(line),
    capabilities,
    ...listing,
  };
}

async function listTools(
  run: Run,
  client: OfficialClient,
  quiet: Promise<never>,
): Promise<{ tools: ToolFacts[]; toolsFailure?: string }> {
  const tools: ToolFacts[] = [];
  let cursor: string | undefined;
  try {
    for (let page = 0; page < maxPages; page += 1) {
      const result = await Promise.race([client.listTools(cursor), quiet]);
      tools.push(...result.tools.slice(0, maxTools - tools.length).map((tool) => toolFacts(run, tool)));
      cursor = result.nextCursor;
      if (cursor === undefined || tools.length >= maxTools) break;
    }
    return { tools };
  } catch (error) {
    return { tools, toolsFailure: messageOf(run, error) };
  }
}

function toolFacts(run: Run, tool: ListedTool): ToolFacts {
  return {
    name: run.masker.line(tool.name, 200),
    readOnly: saysItOnlyReads(tool),
    inputSchema: boundedJson(run, tool.inputSchema),
  };
}

function boundedJson(run: Run, value: unknown): unknown {
  try {
    const json = JSON.stringify(value);
    return json.length > maxSchemaCharacters ? null : JSON.parse(run.masker.text(json));
  } catch {
    return null; // nested deeper than it can be written
  }
}

function messageOf(run: Run, error: unknown): string {
  return run.masker.line(error instanceof Error ? error.message : String(error));
}
