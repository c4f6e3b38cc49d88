import type { BaselineHistory } from '../../evidence/lab/baseline.ts';
import type { CallRecord, ChosenTool, NoTool } from '../../evidence/lab/client.ts';
import { badArguments } from '../../protocol/bad-arguments.ts';
import { textVariationsOf, variationsOf } from '../client/argument-variants.ts';
import type { LabClient } from '../client/client.ts';
import { findEndpoint } from '../client/endpoint.ts';
import { findHealth } from '../client/health.ts';
import { textArgumentsOf } from '../client/text-argument.ts';
import { callableTools } from '../client/tool.ts';
import type { CallableTool, KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { recordInstance } from './shared/on-instance.ts';

/**
 * Launches and calls the server when nothing is wrong, and finds out whether its upstream requests reach the gateway.
 * Every experiment builds on this.
 *
 * @throws the reason of an abort
 */
export async function baseline(run: World): Promise<KnownServer> {
  const seen = await recordInstance(run, {}, async (instance) => ({
    ...(await look(run, instance)),
    interposition: instance.interposition,
  }));
  const { history, launch, gateway, interposition, ...known } = seen;
  return {
    ...known,
    baseline: { launch, ...history, gateway, interposition: await interposition.facts() },
  };
}

interface Seen extends Omit<KnownServer, 'baseline'> {
  history: Pick<BaselineHistory, 'connection' | 'attempts' | 'tool' | 'calls' | 'health'>;
}

async function look(run: World, instance: Instance): Promise<Seen> {
  const nothing = { connection: null, attempts: [], tool: null, calls: [], health: [] };
  const { server, conversation } = instance;
  if (!server.serves && conversation === null) {
    return { history: nothing, endpoint: null, tool: null, health: null };
  }
  const health = conversation === null ? await findHealth(run, instance) : { polls: [], path: null };
  const { client, attempts } = await findEndpoint(run, instance);
  const known = { ...nothing, attempts, health: health.polls };
  if (client === null) return { history: known, endpoint: null, tool: null, health: health.path };
  try {
    const { tool, calls } = await tryTools(run, instance, client);
    return {
      history: { ...known, connection: client.facts, tool: masked(tool, run), calls },
      endpoint: client.facts.url === null ? null : new URL(client.facts.url).pathname,
      tool: tool.chosen ? callable(tool, client) : null,
      health: health.path,
    };
  } finally {
    await client.close();
  }
}

/** Calls one tool after the other until one asks an upstream. Otherwise chooses the first with a result. */
async function tryTools(
  run: World,
  { gateway }: Instance,
  client: LabClient,
): Promise<{ tool: ChosenTool | NoTool; calls: CallRecord[] }> {
  const candidates = callableTools(run.plan, client.tools);
  if (!Array.isArray(candidates)) return { tool: candidates, calls: [] };
  const calls: CallRecord[] = [];
  let answering: ChosenTool | undefined;
  for (const tool of candidates) {
    const before = gateway.record().requests.length;
    const call = await client.call(tool.name, tool.arguments);
    calls.push(call);
    const { outcome } = call;
    if (outcome.kind !== 'result' || outcome.isError) continue;
    if (gateway.record().requests.length > before) return { tool, calls };
    answering ??= tool;
  }
  return { tool: answering ?? (candidates[0] as ChosenTool), calls };
}

function callable({ name, arguments: given }: ChosenTool, client: LabClient): CallableTool {
  const inputSchema = client.tools.find((tool) => tool.name === name)?.inputSchema;
  const others = variationsOf(given, inputSchema);
  return {
    name,
    arguments: (variant) => (variant === 0 ? given : others[variant - 1]),
    textVariations: textVariationsOf(given, inputSchema),
    textArguments: textArgumentsOf(inputSchema, given),
    forbidden: badArguments(inputSchema, given),
  };
}

function masked(tool: ChosenTool | NoTool, { canaries }: World): ChosenTool | NoTool {
  return JSON.parse(canaries.mask(JSON.stringify(tool)));
}
