import type { Language } from '../language.ts';

/** `signal.signal(signal.SIGTERM, …)`, `loop.add_signal_handler(signal.SIGTERM, …)`. */
const handlerOf: Language['signals']['handlerOf'] = (name, { callee, args: [event, value] }, names) => {
  const registers =
    name === 'signal.signal' || (callee.kind === 'member' && callee.name === 'add_signal_handler');
  if (!registers) return undefined;
  const signal = /^signal\.(?:Signals\.)?(SIG\w+)$/.exec((event && names.of(event)) ?? '')?.[1];
  // A loop over signals, which nearly always include SIGTERM.
  return { signal: signal ?? 'unknown', value };
};

export const signals: Language['signals'] = {
  handlerOf,
  exits: /^(?:sys\.exit|os\._exit|global\.exit|global\.quit)$/,
  prints: /^global\.print$/,
};
