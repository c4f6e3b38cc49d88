// Takes the place of a generated project's src/server.ts: the same HTTP server, with what the conformance suite asks for
// instead of the weather.
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import { registerClientRequests } from './conformance/client-requests.ts';
import { registerContent } from './conformance/content.ts';
import { registerInputRequired } from './conformance/input-required.ts';
import { registerMessages } from './conformance/messages.ts';
import { registerPrompts } from './conformance/prompts.ts';
import { registerResources } from './conformance/resources.ts';

// Requests of one exchange meet different server objects, so the key belongs to the process.
const codec = createRequestStateCodec<Record<string, unknown>>({
  key: crypto.getRandomValues(new Uint8Array(32)),
});
const withLogging = process.env.CONFORMANCE_LOGGING !== 'off';

export function createServer(_services: unknown): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    {
      capabilities: {
        // Nothing here ever changes, and the suite has no other way to cause a change than a tool that does it.
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { subscribe: true, listChanged: false },
        completions: {},
        ...(withLogging && { logging: {} }),
      },
      requestState: { verify: codec.verify },
    },
  );
  registerContent(server);
  registerMessages(server);
  registerClientRequests(server);
  registerInputRequired(server, codec);
  registerResources(server);
  registerPrompts(server);
  server.server.setRequestHandler('completion/complete', async () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));
  if (withLogging) server.server.setRequestHandler('logging/setLevel', async () => ({}));
  return server;
}
