import type { LabPlan } from '../../src/lab/run.ts';
import { servers } from './support.ts';

type Plan = Partial<LabPlan> & { command: string };

/** The servers that are ready, by language. */
export const readyServers: Record<'Node' | 'Python', Plan> = {
  Node: { directory: `${servers}/ready`, command: 'node server.mjs', credential: 'MCP_API_KEY' },
  Python: {
    directory: `${servers}/ready-python`,
    command: '/usr/bin/python3 server.py',
    credential: 'MCP_API_KEY',
  },
};
