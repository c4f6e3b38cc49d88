import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { said } from './media.ts';

interface ClientRequest {
  method: 'sampling/createMessage' | 'elicitation/create';
  params: Record<string, unknown>;
}

/** Waits until the client has answered. A tool that gave up early would answer too, and the suite would count that. */
async function ask(context: ServerContext, request: ClientRequest) {
  const answer = await context.mcpReq.send(request);
  return said(`The client answered: ${JSON.stringify(answer)}`);
}

function elicit(context: ServerContext, message: string, properties: object, required: string[] = []) {
  const requestedSchema = { type: 'object', properties, required };
  return ask(context, { method: 'elicitation/create', params: { message, requestedSchema } });
}

/** Tools of the 2025 revisions that send requests to the client while a call is open. */
export function registerClientRequests(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks for a completion', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) =>
      ask(context, {
        method: 'sampling/createMessage',
        params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 },
      }),
  );

  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => elicit(context, message, { response: { type: 'string' } }, ['response']),
  );

  const inputSchema = z.object({});
  server.registerTool(
    'test_elicitation_sep1034_defaults',
    { description: 'Asks with defaults', inputSchema },
    (_input, context) =>
      elicit(context, 'Please check', {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      }),
  );

  const plain = ['option1', 'option2', 'option3'];
  const titled = [1, 2, 3].map((count) => ({ const: `value${count}`, title: `Option ${count}` }));
  server.registerTool(
    'test_elicitation_sep1330_enums',
    { description: 'Asks for choices', inputSchema },
    (_input, context) =>
      elicit(context, 'Please choose', {
        untitledSingle: { type: 'string', enum: plain },
        titledSingle: { type: 'string', oneOf: titled },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
        untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
        titledMulti: { type: 'array', items: { anyOf: titled } },
      }),
  );
}
