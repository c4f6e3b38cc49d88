import type { McpServer } from '@modelcontextprotocol/server';
import { image, said, text, wav } from './media.ts';

/** Tools that answer with every kind of content, and one that fails. */
export function registerContent(server: McpServer): void {
  const answers = {
    test_simple_text: said('This is a simple text response for testing.'),
    test_image_content: { content: [image] },
    test_audio_content: { content: [{ type: 'audio' as const, data: wav, mimeType: 'audio/wav' }] },
    test_embedded_resource: {
      content: [
        {
          type: 'resource' as const,
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'An embedded resource.',
          },
        },
      ],
    },
    test_multiple_content_types: {
      content: [
        text('Multiple content types test:'),
        image,
        {
          type: 'resource' as const,
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":true}',
          },
        },
      ],
    },
    test_streaming_elicitation: said('Nothing is asked of the client.'),
  };
  for (const [name, answer] of Object.entries(answers)) {
    server.registerTool(name, { description: `Answers: ${name}` }, async () => answer);
  }
  server.registerTool('test_error_handling', { description: 'Fails' }, async () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}
