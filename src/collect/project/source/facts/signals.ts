import type { FactReader, Language } from '../languages/language.ts';
import type { Value } from '../module.ts';
import type { Names } from '../names.ts';
import { placeOf } from './reading.ts';

/** Packages that handle SIGTERM, by their names. */
const signalPackage =
  /graceful|terminus|shutdown|close-with-grace|exit-hook|signal-exit|lightship|^stoppable$|^death$/;

/** Records the handlers of SIGTERM and SIGINT. */
export const readSignals: FactReader = ({ module, names, facts }, { signals }) => {
  for (const { name, line } of module.imports) {
    if (!signalPackage.test(name)) continue;
    facts.signalHandlers.push({ signal: 'SIGTERM', exitsAtOnce: false, at: placeOf(module, line) });
  }
  for (const call of module.calls) {
    const handler = signals.handlerOf(names.of(call.callee) ?? '', call, names);
    if (handler === undefined) continue;
    const { signal, value } = handler;
    const at = placeOf(module, call.line);
    facts.signalHandlers.push({ signal, exitsAtOnce: exitsAtOnce(value, names, signals), at });
  }
};

function exitsAtOnce(
  handler: Value | undefined,
  names: Names,
  { exits, prints }: Language['signals'],
): boolean {
  if (handler?.kind !== 'function' || !handler.body) return false;
  const called = handler.body.map(({ callee }) => names.of(callee) ?? '');
  return (
    called.some((name) => exits.test(name)) && called.every((name) => exits.test(name) || prints.test(name))
  );
}
