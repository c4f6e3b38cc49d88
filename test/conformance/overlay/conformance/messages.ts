import { setTimeout as wait } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { said } from './media.ts';

const inputSchema = z.object({});
// The suite asks for it, so that the messages do not arrive all at once.
const pauseMs = 50;

/** Tools that tell something while they work. */
export function registerMessages(server: McpServer): void {
  server.registerTool(
    'test_tool_with_logging',
    { description: 'Sends three log messages', inputSchema },
    async (_input, context) => {
      for (const data of ['started', 'processing', 'completed']) {
        const params = { level: 'info', data: `Tool execution: ${data}` } as const;
        await context.mcpReq.notify({ method: 'notifications/message', params });
        await wait(pauseMs);
      }
      return said('Logged.');
    },
  );

  server.registerTool(
    'test_logging_tool',
    { description: 'Logs to those who asked for it', inputSchema },
    async (_input, context) => {
      await context.mcpReq.log('info', 'Only for requests that name a log level.');
      return said('Logged.');
    },
  );

  server.registerTool(
    'test_tool_with_progress',
    { description: 'Reports progress in three steps', inputSchema },
    async (_input, context) => {
      const progressToken = context.mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined) {
          const params = { progressToken, progress, total: 100 };
          await context.mcpReq.notify({ method: 'notifications/progress', params });
        }
        await wait(pauseMs);
      }
      return said('Done.');
    },
  );
}
