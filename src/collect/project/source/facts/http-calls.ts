import type { FactReader, Language } from '../languages/language.ts';
import type { Call } from '../module.ts';
import type { Names } from '../names.ts';
import { placeOf, type Reading } from './reading.ts';

/** Records calls to other servers with their time limits, and what may limit them from outside. */
export const readHttpCalls: FactReader = (reading, language) => {
  const { module, names, facts } = reading;
  for (const call of module.calls) {
    const name = names.of(call.callee);
    const httpCall = name === undefined ? undefined : language.httpCall(name, call, reading);
    const at = placeOf(module, call.line);
    if (httpCall) facts.httpCalls.push({ ...httpCall, at });
    const guard = guardOf(name, call, reading, language);
    if (guard !== undefined) facts.timeGuards.push({ call: guard, at });
  }
  for (const { target, line } of module.assigned) {
    const name = names.of(target) ?? '';
    if (language.timeGuards.assigned?.test(name)) {
      facts.timeGuards.push({ call: name, at: placeOf(module, line) });
    }
  }
};

/** Names that only look like a limit on calls: timers, signals and listening sockets. */
const noGuards = new Set([
  'setTimeout',
  'clearTimeout',
  'settimeout',
  'timeout_add',
  'Timeout',
  'ClientTimeout',
]);

/** The name of a call that may limit others: a library's, or one that the project itself calls a timeout. */
function guardOf(
  name: string | undefined,
  call: Call,
  { names }: Reading,
  { timeGuards }: Language,
): string | undefined {
  if (name !== undefined && timeGuards.called.test(name)) return name.replace('global.', '');
  const { callee } = call;
  const last =
    callee.kind === 'member' || callee.kind === 'variable' ? callee.name.replace(/^(?:this|self)\./, '') : '';
  if (name === 'global.AbortSignal.timeout' || noGuards.has(last)) return undefined;
  if (/timeout|deadline/i.test(last) && !/^(?:get|is|on|clear|set|handle|reset)/.test(last)) return last;
  if (/timeout|deadline/i.test(name?.split('.')[0] ?? '')) return name;
  return isToolWithTimeout(call, names) ? last : undefined;
}

/** `server.addTool({ timeoutMs: 5000 })`, `@mcp.tool(timeout=5)`. */
function isToolWithTimeout({ callee, keywords, args }: Call, names: Names): boolean {
  if (callee.kind !== 'member' || !/^(?:tool|addTool|registerTool)$/.test(callee.name)) return false;
  const objects = args.map((arg) => names.literal(arg));
  return ['timeout', 'timeoutMs'].some(
    (option) =>
      keywords.has(option) || objects.some((value) => value?.kind === 'object' && value.entries.has(option)),
  );
}
