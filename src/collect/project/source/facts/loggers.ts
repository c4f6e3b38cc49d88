import type { FactReader } from '../languages/language.ts';
import { placeOf } from './reading.ts';

/** Records the loggers that are set up. */
export const readLoggers: FactReader = (reading, { logger }) => {
  const { module, names, facts } = reading;
  for (const call of module.calls) {
    const name = names.of(call.callee);
    const made = name === undefined ? undefined : logger(name, call, reading);
    if (made) facts.loggers.push({ ...made, at: placeOf(module, call.line) });
  }
};
