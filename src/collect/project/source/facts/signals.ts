import type { Call, Value } from '../module.ts';
import type { Names } from '../names.ts';
import { type FactReader, placeOf } from './reader.ts';

/** Libraries that handle SIGTERM for whoever calls them. */
const handling =
  /^(?:close-with-grace|@godaddy\/terminus(?:\.createTerminus)?|lightship\.createLightship|exit-hook(?:\.\w+)?|signal-exit(?:\.onExit)?|http-graceful-shutdown|fastify-graceful-shutdown|async-exit-hook|node-graceful-shutdown(?:\.\w+)?|death|@moleculer\/\w+|gently)$/;

const exiting = /^(?:global\.process\.exit|process\.exit|sys\.exit|os\._exit|global\.exit|global\.quit)$/;
const printing = /^global\.(?:console\.\w+|print)$/;

/** Records what handles SIGTERM and SIGINT. */
export const readSignals: FactReader = ({ module, names, facts }) => {
  for (const call of module.calls) {
    const name = names.of(call.callee) ?? '';
    const at = placeOf(module, call.line);
    if (
      handling.test(name) ||
      (call.callee.kind === 'member' && call.callee.name === 'enableShutdownHooks')
    ) {
      facts.signalHandlers.push({ signal: 'SIGTERM', exitsAtOnce: false, at });
      continue;
    }
    const handler = handlerOf(name, call, names);
    if (handler === undefined) continue;
    facts.signalHandlers.push({ signal: handler.signal, exitsAtOnce: exitsAtOnce(handler.value, names), at });
  }
};

/** `process.on("SIGTERM", …)`, `signal.signal(signal.SIGTERM, …)`, `loop.add_signal_handler(signal.SIGTERM, …)`. */
function handlerOf(
  name: string,
  call: Call,
  names: Names,
): { signal: string; value: Value | undefined } | undefined {
  const [event, value] = call.args;
  const isNode = /^(?:global\.)?process\.(?:on|once|addListener|prependListener)$/.test(name);
  const isPython =
    name === 'signal.signal' || (call.callee.kind === 'member' && call.callee.name === 'add_signal_handler');
  if (!isNode && !isPython) return undefined;
  const literal = names.literal(event);
  if (isNode && literal?.kind === 'text')
    return /^SIG/.test(literal.text) ? { signal: literal.text, value } : undefined;
  const signal = /^signal\.(?:Signals\.)?(SIG\w+)$/.exec((event && names.of(event)) ?? '')?.[1];
  // A loop over signals: which ones cannot be told, and SIGTERM is nearly always among them.
  return { signal: signal ?? 'unknown', value };
}

function exitsAtOnce(handler: Value | undefined, names: Names): boolean {
  if (handler?.kind !== 'function' || !handler.body) return false;
  const called = handler.body.map(({ callee }) => names.of(callee) ?? '');
  return (
    called.some((name) => exiting.test(name)) &&
    called.every((name) => exiting.test(name) || printing.test(name))
  );
}
