import type { Language } from '../language.ts';

/** `process.on("SIGTERM", …)`, `app.enableShutdownHooks()`. */
const handlerOf: Language['signals']['handlerOf'] = (name, { callee, args: [event, value] }, names) => {
  if (callee.kind === 'member' && callee.name === 'enableShutdownHooks') {
    return { signal: 'SIGTERM', value: undefined };
  }
  if (!/^(?:global\.)?process\.(?:on|once|addListener|prependListener)$/.test(name)) return undefined;
  const literal = names.literal(event);
  // A loop over signals, which nearly always include SIGTERM.
  if (literal?.kind !== 'text') return { signal: 'unknown', value };
  return /^SIG/.test(literal.text) ? { signal: literal.text, value } : undefined;
};

export const signals: Language['signals'] = {
  handlerOf,
  exits: /^(?:global\.)?process\.exit$/,
  prints: /^global\.console\.\w+$/,
};
