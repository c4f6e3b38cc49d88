import type { FactReader } from '../languages/language.ts';
import { placeOf } from './reading.ts';

/** Records the loggers that the code creates. */
export const readLoggers: FactReader = (reading, { logger }) => {
  const { module, names, facts } = reading;
  for (const call of module.calls) {
    const name = names.of(call.callee);
    const created = name === undefined ? undefined : logger(name, call, reading);
    if (created) facts.loggers.push({ ...created, at: placeOf(module, call.line) });
  }
};
