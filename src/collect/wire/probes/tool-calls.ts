import type { ClientAttempt, ToolCall } from '../../../evidence/wire.ts';
import { badArguments } from '../../../protocol/bad-arguments.ts';
import type { Session } from '../../../protocol/messages.ts';
import { isObject } from '../../../text/json.ts';
import { withoutControls } from '../../../text/printable.ts';
import type { WireOptions } from '../options.ts';
import type { Run } from '../run.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Seen } from './probe.ts';

const keptCharacters = 2_000;

/**
 * Calls the one tool that may be called: once with the given arguments, then with arguments that its own schema forbids, at
 * most twice. Nothing else calls a tool. It stops at the first bad call that is served like a good one.
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
  // Over HTTP+SSE the answer to a call comes on another connection.
  if (main?.served === undefined) {
    return omit(
      'A tool is called over Streamable HTTP only, not over HTTP+SSE, and no such endpoint was open.',
    );
  }
  const { served, session } = main;
  const { url } = main.endpoint;
  const listed = clients
    .flatMap(({ outcome }) => (outcome.connected ? outcome.tools : []))
    .filter(({ name }) => name === tool.name);
  const [facts] = listed;
  if (facts === undefined) return omit('The server lists no tool of that name.');
  if (tool.readOnly && !listed.every(({ readOnly }) => readOnly)) {
    return omit(
      'A configuration that was only found names the tool or its arguments, and the server does not mark the tool as read-only. Give --tool and --tool-args, or name the configuration with --config.',
    );
  }

  const send = async (
    how: string,
    args: Record<string, unknown>,
    base: Pick<ToolCall, 'kind' | 'defect'>,
  ): Promise<ToolCall | undefined> => {
    const seen = await call(run, url, served, tool.name, args, session, `${label} ${how}`);
    return seen && { ...base, tool: tool.name, exchange: seen.exchange.id, ...told(run, seen) };
  };

  const calls: ToolCall[] = [];
  const good = await send('with the given arguments', tool.arguments, { kind: 'good-arguments' });
  if (good !== undefined) calls.push(good);
  for (const { defect, arguments: args } of badArguments(facts.inputSchema, tool.arguments)) {
    const how =
      defect.how === 'missing' ? `without "${defect.argument}"` : `with "${defect.argument}" of another type`;
    const bad = await send(how, args, { kind: 'bad-arguments', defect });
    if (bad !== undefined) calls.push(bad);
    if (bad?.outcome === 'result') break;
  }
  return calls;
}

function call(
  run: Run,
  url: URL,
  era: 'legacy' | 'modern',
  name: string,
  args: Record<string, unknown>,
  session: Session | undefined,
  purpose: string,
): Promise<Seen | undefined> {
  const message = run.messages.callTool(era, name, args, session);
  return run.prober.probe({ purpose, method: 'POST', url, credential: 'given', ...message });
}

/** What the caller was told, and as what. */
function told(run: Run, { reply, result, detail }: Seen): Pick<ToolCall, 'outcome' | 'text'> {
  const text = (value: string) => withoutControls(run.masker.beginning(value, keptCharacters));
  if (reply.kind === 'error') return { outcome: 'protocol-error', text: text(detail ?? reply.message) };
  // A server that asks for more input first has neither served nor refused the call (2026-07-28, multi round-trip requests).
  if (result === undefined || result.resultType === 'input_required') return { outcome: 'none', text: '' };
  const parts = Array.isArray(result.content) ? result.content.slice(0, 50) : [];
  const written = parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? part.text : []));
  return { outcome: result.isError === true ? 'error-result' : 'result', text: text(written.join('\n')) };
}
