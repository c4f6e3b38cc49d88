import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { png } from './media.ts';

export function registerResources(server: McpServer): void {
  const texts = { 'static-text': 'A static text.', 'watched-resource': 'A watched text.' };
  for (const [name, text] of Object.entries(texts)) {
    server.registerResource(name, `test://${name}`, { mimeType: 'text/plain' }, async ({ href }) => ({
      contents: [{ uri: href, mimeType: 'text/plain', text }],
    }));
  }
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { mimeType: 'image/png' },
    async ({ href }) => ({
      contents: [{ uri: href, mimeType: 'image/png', blob: png }],
    }),
  );
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { mimeType: 'application/json' },
    async ({ href }, { id }) => ({
      contents: [{ uri: href, mimeType: 'application/json', text: JSON.stringify({ id }) }],
    }),
  );
  server.server.setRequestHandler('resources/subscribe', async () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', async () => ({}));
}
