import type { FactReader } from '../languages/language.ts';
import type { Call } from '../module.ts';
import { isFalsy, optionsAt, placeOf, type Reading } from './reading.ts';

/** Names of MCP packages: `@modelcontextprotocol/sdk`, `fastmcp`, `mcp.server.fastmcp`. */
const mcpPackage = /modelcontextprotocol|(?:^|[^a-z])(?:fast|x)?mcp(?:[^a-z]|$)/i;

/** Records the libraries that the code calls. An import alone is no evidence. */
export const readLibraries: FactReader = (reading, { libraries }) => {
  const { module, names, facts } = reading;
  for (const { name, line } of module.imports) {
    if (mcpPackage.test(name)) facts.mcpImports.push({ library: name, at: placeOf(module, line) });
  }
  for (const call of module.calls) {
    const name = names.of(call.callee);
    if (name === undefined) continue;
    const use = { library: libraryOf(name), at: placeOf(module, call.line) };
    if (libraries.caches.test(name)) facts.caches.push(use);
    if (libraries.errorTrackers.test(name) && !isOff(name, call, reading)) facts.errorTrackers.push(use);
    if (libraries.measuring.test(name)) facts.metrics.push({ ...use, role: 'measures' });
    if (libraries.exposing.test(name)) facts.metrics.push({ ...use, role: 'exposes' });
    if (libraries.rateLimiters.test(name)) facts.rateLimiters.push(use);
    if (libraries.listeners.test(name)) facts.listeners.push(use);
    if (isPlugin(call, reading)) facts.rateLimiters.push({ ...use, library: '@fastify/rate-limit' });
  }
};

/** `@sentry/node.init` → `@sentry/node`, `express().listen` → `express`. */
function libraryOf(name: string): string {
  const whole = name.replace(/^global\./, '').split('()', 1)[0] ?? name;
  const scope = whole.startsWith('@') ? `${whole.split('/')[0]}/` : '';
  return scope + (whole.slice(scope.length).split('.')[0] ?? whole);
}

/** A tracker without an address sends nothing. */
function isOff(name: string, call: Call, { names }: Reading): boolean {
  const { entries } = name.startsWith('sentry_sdk') ? { entries: call.keywords } : optionsAt(call, 0, names);
  const dsn = entries.get('dsn') ?? (name.startsWith('sentry_sdk') ? call.args[0] : undefined);
  return (dsn !== undefined && isEmpty(dsn)) || (entries.has('enabled') && isFalsy(entries.get('enabled')));
}

const isEmpty = (value: Parameters<typeof isFalsy>[0]): boolean =>
  isFalsy(value) || (value?.kind === 'text' && value.text === '');

/** `app.register(rateLimit, …)` */
const isPlugin = ({ callee, args: [plugin] }: Call, { names }: Reading): boolean =>
  callee.kind === 'member' &&
  callee.name === 'register' &&
  plugin !== undefined &&
  names.of(plugin) === '@fastify/rate-limit';
