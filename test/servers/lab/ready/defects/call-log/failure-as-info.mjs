/** One line for each call of a tool, all of one level. */
export function logCall(log, { outcome, ...facts }) {
  log.info('Tool call', { ...facts, outcome });
}
