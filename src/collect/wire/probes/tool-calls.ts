import type { ClientAttempt, ToolCall } from '../../../evidence/wire.ts';
import { badArguments } from '../../../protocol/bad-arguments.ts';
import { isObject } from '../../../text/json.ts';
import { withoutControls } from '../../../text/printable.ts';
import type { WireOptions } from '../options.ts';
import type { Run } from '../run.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { ProbeResult } from './probe.ts';

const keptCharacters = 2_000;

/**
 * Calls the one tool that may be called: once with the given arguments, then at most twice with arguments that its own
 * schema forbids. It stops at the first bad call that the server serves.
 *
 * @param main the first Streamable HTTP endpoint
 * @param clients whose lists have the tool's schema
 */
export async function callTool(
  run: Run,
  main: EndpointAccess | undefined,
  tool: NonNullable<WireOptions['tool']>,
  clients: readonly ClientAttempt[],
): Promise<ToolCall[]> {
  const label = `call of ${tool.name}`;
  const omit = (reason: string) => {
    run.prober.omit(label, reason);
    return [];
  };
  // Over HTTP+SSE the response to a call comes on another connection.
  if (main?.served === undefined) {
    return omit(
      'The audit calls tools over Streamable HTTP only, not over HTTP+SSE. The server served no Streamable HTTP endpoint.',
    );
  }
  const { served, session, endpoint } = main;
  const listed = clients
    .flatMap(({ outcome }) => (outcome.connected ? outcome.tools : []))
    .filter(({ name }) => name === tool.name);
  const [facts] = listed;
  if (facts === undefined) return omit(`The server lists no tool "${tool.name}".`);
  if (tool.readOnly && !listed.every(({ readOnly }) => readOnly)) {
    return omit(
      'A configuration that the audit found by itself names the tool or its arguments. The server does not mark the tool as read-only. Give --tool and --tool-args, or name the configuration with --config.',
    );
  }

  const calls: ToolCall[] = [];
  const call = async (
    how: string,
    args: Record<string, unknown>,
    base: Pick<ToolCall, 'kind' | 'defect'>,
  ): Promise<ToolCall['outcome'] | undefined> => {
    const result = await run.prober.probe({
      purpose: `${label} ${how}`,
      method: 'POST',
      url: endpoint.url,
      credential: 'given',
      ...run.messages.callTool(served, tool.name, args, session),
    });
    if (result === undefined) return undefined;
    const response = readResponse(run, result);
    calls.push({ ...base, tool: tool.name, exchange: result.exchange.id, ...response });
    return response.outcome;
  };
  await call('with the given arguments', tool.arguments, { kind: 'good-arguments' });
  for (const { defect, arguments: args } of badArguments(facts.inputSchema, tool.arguments)) {
    const how =
      defect.how === 'missing' ? `without "${defect.argument}"` : `with "${defect.argument}" of another type`;
    if ((await call(how, args, { kind: 'bad-arguments', defect })) === 'result') break;
  }
  return calls;
}

function readResponse(run: Run, { reply, result, detail }: ProbeResult): Pick<ToolCall, 'outcome' | 'text'> {
  const text = (value: string) => withoutControls(run.masker.beginning(value, keptCharacters));
  if (reply.kind === 'error') return { outcome: 'protocol-error', text: text(detail ?? reply.message) };
  // A request for more input neither serves nor refuses the call (2026-07-28, multi round-trip requests).
  if (result === undefined || result.resultType === 'input_required') return { outcome: 'none', text: '' };
  const parts = Array.isArray(result.content) ? result.content.slice(0, 50) : [];
  const written = parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? part.text : []));
  return { outcome: result.isError === true ? 'error-result' : 'result', text: text(written.join('\n')) };
}
