// The plain part of an MCP server (2025-11-25, stateless) that has one tool, which only reads.
import { createServer } from 'node:http';

/**
 * Serves on PORT.
 *
 * @param call the tool: arguments and the one who calls → text
 * @param identify request → the one who calls; undefined: 401
 * @param definition what the list says of it besides
 */
export function serveTool({
  name,
  call,
  identify = () => 'anybody',
  port = process.env.PORT,
  definition = {},
}) {
  const answer = async ({ method, params }, client) => {
    if (method === 'initialize') {
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name, version: '1.0.0' },
      };
    }
    if (method === 'tools/list') {
      const inputSchema = { type: 'object', properties: {} };
      const tool = { name, description: name, annotations: { readOnlyHint: true }, inputSchema };
      return { tools: [{ ...tool, ...definition }] };
    }
    if (method !== 'tools/call') return undefined;
    try {
      return { content: [{ type: 'text', text: await call(params.arguments, client) }] };
    } catch (error) {
      return { isError: true, content: [{ type: 'text', text: error.message }] };
    }
  };

  createServer(async (request, response) => {
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    if (request.url === '/health') return send(200, { status: 'ok' });
    if (request.url !== '/mcp') return send(404, { error: 'not found' });
    const client = await identify(request);
    if (client === undefined) return send(401, { error: 'unauthorized' });
    if (request.method !== 'POST') return send(405, {});
    let text = '';
    for await (const chunk of request) text += chunk;
    const message = JSON.parse(text);
    if (message.id === undefined) return send(202);
    const result = await answer(message, client);
    const error = { code: -32601, message: 'Method not found' };
    send(200, { jsonrpc: '2.0', id: message.id, ...(result === undefined ? { error } : { result }) });
  }).listen(Number(port), '127.0.0.1');
}
