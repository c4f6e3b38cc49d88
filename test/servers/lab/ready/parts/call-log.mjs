const levels = { ok: 'info', invalid: 'warn', failed: 'error' };

/** One line for each call of a tool. */
export function logCall(log, { outcome, ...facts }) {
  log[levels[outcome]]('Tool call', { ...facts, outcome });
}
