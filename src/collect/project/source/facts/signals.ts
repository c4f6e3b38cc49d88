import type { Call, Value } from '../module.ts';
import type { Names } from '../names.ts';
import { type FactReader, placeOf } from './reader.ts';

/** Packages that handle SIGTERM for whoever sets them up, by what such packages are called. */
const handling =
  /graceful|terminus|shutdown|close-with-grace|exit-hook|signal-exit|lightship|^stoppable$|^death$/;

const exiting = /^(?:global\.process\.exit|process\.exit|sys\.exit|os\._exit|global\.exit|global\.quit)$/;
const printing = /^global\.(?:console\.\w+|print)$/;

/** Records what handles SIGTERM and SIGINT. */
export const readSignals: FactReader = ({ module, names, facts }) => {
  const handled = (line: number): void => {
    facts.signalHandlers.push({ signal: 'SIGTERM', exitsAtOnce: false, at: placeOf(module, line) });
  };
  for (const { name, line } of module.imports) if (handling.test(name)) handled(line);
  for (const call of module.calls) {
    const name = names.of(call.callee) ?? '';
    const at = placeOf(module, call.line);
    if (call.callee.kind === 'member' && call.callee.name === 'enableShutdownHooks') handled(call.line);
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
