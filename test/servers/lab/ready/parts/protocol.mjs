import { tool } from './tool.mjs';

/** Revisions of the protocol, the newest first. */
export const revisions = ['2025-11-25', '2025-06-18', '2025-03-26'];

const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion: revisions.includes(protocolVersion) ? protocolVersion : revisions[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'ready', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': ({ name, arguments: words = {} }, call) => {
    if (name !== tool.name) throw new RpcError(-32602, 'Unknown tool');
    return call(words);
  },
};

class RpcError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @returns undefined for what needs no answer: notifications, and answers to nothing */
export async function answerMessage(message, call) {
  const { id, method, params = {} } = isObject(message) ? message : {};
  const reply = (rest) => ({ jsonrpc: '2.0', id: isId(id) ? id : null, ...rest });
  if (!isMessage(message)) return reply({ error: { code: -32600, message: 'Invalid request' } });
  if (method === undefined || id === undefined) return undefined;
  try {
    if (!Object.hasOwn(methods, method)) throw new RpcError(-32601, 'Method not found');
    if (!isObject(params)) throw new RpcError(-32602, 'params: must be an object');
    return reply({ result: await methods[method](params, call) });
  } catch (error) {
    const known = error instanceof RpcError;
    return reply({
      error: { code: known ? error.code : -32603, message: known ? error.message : 'Internal error' },
    });
  }
}

/** A request, a notification or an answer (JSON-RPC 2.0; MCP forbids a null id and batches). */
function isMessage(message) {
  if (!isObject(message) || message.jsonrpc !== '2.0') return false;
  if ('id' in message && !isId(message.id)) return false;
  return typeof message.method === 'string' || 'result' in message || 'error' in message;
}

const isId = (id) => typeof id === 'string' || Number.isInteger(id);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
