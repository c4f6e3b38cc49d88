/** None: any instance can answer any request. */
export function createSessions() {
  return { knows: () => true, headersFor: () => ({}) };
}
