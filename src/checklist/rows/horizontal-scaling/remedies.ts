import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'createMcpHandler keeps no sessions: any instance can serve any request. Keep shared state (limits, caches) in Redis.',
    language: 'ts',
    code: `import { createMcpHandler } from '@modelcontextprotocol/server';
import { Redis } from 'ioredis';

const redis = new Redis(settings.REDIS_URL, { maxRetriesPerRequest: 1, commandTimeout: 200 });
const handler = createMcpHandler(() => createServer({ redis }));`,
  },
  python: {
    text: 'Without sessions, any instance can serve any request. Keep shared state (limits, caches) in Redis.',
    language: 'python',
    code: `mcp.run(transport="http", host="0.0.0.0", stateless_http=True)`,
  },
};
