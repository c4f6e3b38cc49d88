import { randomUUID } from 'node:crypto';

/** Only the instance that began a session knows it. */
export function createSessions() {
  const sessions = new Set();
  return {
    knows: (id) => id === undefined || sessions.has(id),
    headersFor: ({ method }) => {
      if (method !== 'initialize') return {};
      const id = randomUUID();
      sessions.add(id);
      return { 'mcp-session-id': id };
    },
  };
}
