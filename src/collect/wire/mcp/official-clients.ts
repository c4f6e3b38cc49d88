import type { ClientAttempt, ClientConnected, Era, ToolFacts } from '../../../evidence/wire.ts';
import { isMarkedReadOnly, type ListedTool } from '../../../protocol/listed-tool.ts';
import { modernRevision } from '../../../protocol/revisions.ts';
import { parseJson, toJson } from '../../../text/json.ts';
import { Withheld } from '../http/gate.ts';
import type { Run } from '../run.ts';
import { createActivity } from './activity.ts';
import { createClientFetch } from './client-fetch.ts';
import { rejection } from './rejection.ts';
import { type ClientKind, createOfficialClient, type OfficialClient } from './sdk-clients.ts';

/** A client's timeout includes the preparation of its first request: half a second on a busy machine. */
const graceMs = 1_000;
/** Milliseconds until an attempt ends whose client waits although every answer has ended. */
const quietMs = 500;
const maxPages = 5;
const maxTools = 500;
const maxSchemaCharacters = 16 * 1024;

/**
 * Lets an official client connect with the given credential, list tools and disconnect. It calls no tool.
 *
 * @returns the attempt, or undefined when a 429 or the budget prevented it
 */
export async function attemptConnection(
  run: Run,
  kind: ClientKind,
  url: URL,
): Promise<ClientAttempt | undefined> {
  const attempt = await attemptOnce(run, kind, url);
  const limited = attempt?.outcome.connected === false && attempt.outcome.status === 429;
  // The gate stays open after a short Retry-After.
  return limited && run.gate.stopped() === undefined ? attemptOnce(run, kind, url) : attempt;
}

async function attemptOnce(run: Run, kind: ClientKind, url: URL): Promise<ClientAttempt | undefined> {
  const exchanges: string[] = [];
  const label = labelOf(kind);
  const attempt = { ...kind, url: run.masker.url(url), exchanges };
  const stopped = run.gate.stopped();
  if (stopped !== undefined) {
    run.prober.omit(label, stopped);
    return undefined;
  }
  const activity = createActivity(quietMs);
  const client = createOfficialClient(kind, {
    url,
    fetch: createClientFetch(run.recorder, 'given', label, exchanges, activity, run.gate),
    // The fetch has the same timeout for each request, and a better message.
    timeoutMs: run.options.timeoutMs + graceMs,
    clientVersion: run.options.clientVersion,
  });
  let outcome: ClientConnected | undefined;
  let failure: unknown;
  try {
    // Over HTTP+SSE the client waits for the endpoint event without a timeout.
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
  if (outcome !== undefined) return { ...attempt, era: eraOf(kind, outcome), outcome };
  return { ...attempt, outcome: rejection(run, exchanges, messageOf(run, failure)) };
}

const eraOf = ({ negotiates, era }: ClientKind, { revision }: ClientConnected): Era =>
  negotiates && revision < modernRevision ? 'legacy' : era;

function labelOf({ client, transport, negotiates }: ClientKind): string {
  const sdk = client === 'sdk-v1' ? 'Official client v1' : 'Official client v2';
  if (transport === 'sse') return `${sdk} over HTTP+SSE`;
  return client === 'sdk-v1' || negotiates ? sdk : `${sdk} (2025 revisions only)`;
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
    readOnly: isMarkedReadOnly(tool),
    inputSchema: boundedJson(run, tool.inputSchema),
  };
}

function boundedJson(run: Run, value: unknown): unknown {
  const json = toJson(value);
  return json === undefined || json.length > maxSchemaCharacters
    ? null
    : (parseJson(run.masker.text(json)) ?? null);
}

function messageOf(run: Run, error: unknown): string {
  return run.masker.line(error instanceof Error ? error.message : String(error));
}
