import { listen, readBody, sendJson, type TestServer } from './listen.ts';

const letters = 'QmZr7Xw2Kp9LtV4Nc8Bd3Hs6Jf5Gy1TaEuRo';

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Secrets by the kind that a finding gives them. They are put together here, so that no scanner takes them for real ones. */
export const leakedSecrets: Readonly<Record<string, string>> = {
  'a private key': `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${letters}${letters}\n${letters}=\n-----END ${'RSA PRIVATE'} KEY-----`,
  'a JSON Web Token': `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: letters })}.${letters}`,
  'an AWS access key id': `AKIA${letters.toUpperCase().slice(0, 16)}`,
  'a GitHub token': `ghp_${letters}`,
  'a GitLab token': `glpat-${letters.slice(0, 20)}`,
  'an npm token': `npm_${letters}`,
  'a Slack token': `xoxb-${letters}`,
  'a Slack webhook address': `hooks.slack.com/services/T${letters.toUpperCase().slice(0, 9)}/B${letters.toUpperCase().slice(0, 9)}/${letters.slice(0, 24)}`,
  'a Google API key': `AIza${letters.slice(1)}`,
  'a Stripe secret key': `sk_live_${letters}`,
  'an API key': `sk-proj-${letters}`,
  'a URL with a key in it': `https://api.example/data?q=London&appid=${letters.toLowerCase()}&units=metric`,
};

/** Further tokens of the same kinds. */
export const leakedVariants: readonly [kind: string, value: string][] = [
  ['a GitHub token', `github_pat_${letters}_${letters}`],
  ['a GitHub token', `ghs_${letters}${letters}`],
  ['an AWS access key id', `ASIA${letters.toUpperCase().slice(0, 16)}`],
  ['a Stripe secret key', `rk_test_${letters}`],
  ['a JSON Web Token', `${encoded({ alg: 'HS256' })}.${encoded({ sub: letters.repeat(60) })}.${letters}`],
  [
    'a private key',
    `-----BEGIN ${'EC PRIVATE'} KEY-----\nProc-Type: 4,ENCRYPTED\n\n${letters}\n-----END ${'EC PRIVATE'} KEY-----`,
  ],
];

/** What must stand nowhere: the secrets' values begin with one of these. */
export const leakedPieces: readonly string[] = [
  letters.slice(1, 9),
  encoded({ alg: 'HS256' }).slice(0, 16),
  letters.toUpperCase().slice(0, 8),
  letters.toLowerCase().slice(0, 8),
];

/** An open server that tells its secrets wherever it can: in names, headers, schemas, results and errors. */
export function startLeakingServer(): Promise<TestServer> {
  const secrets = Object.values(leakedSecrets);
  const all = secrets.join('\n');
  const short = leakedSecrets['an AWS access key id'] ?? '';
  return listen(async (request, response) => {
    response.setHeader('x-debug', secrets.slice(1).join(' '));
    const body = await readBody(request).catch(() => undefined);
    if (request.method !== 'POST' || body === undefined) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`\u001b[31m${all}`);
      return;
    }
    const message = parse(body);
    if (message === undefined) return sendJson(response, 500, { error: `cannot read: ${all}` });
    if (message.id === undefined) return void response.writeHead(202).end();
    const results: Record<string, unknown> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: `weather ${all}`, version: short },
      },
      'tools/list': {
        tools: [
          {
            name: 'get_weather',
            inputSchema: {
              type: 'object',
              description: all,
              properties: { city: { type: 'string' } },
              required: ['city'],
            },
          },
        ],
      },
      'tools/call': {
        isError: typeof message.params?.arguments?.city !== 'string',
        content: [{ type: 'text', text: `city: ${all}` }],
      },
    };
    const result = results[message.method ?? ''];
    // Where messages are cut, a key stands.
    const error = { code: -32601, message: `${'x'.repeat(285)} ${short} ${all}`, data: { cause: all } };
    sendJson(response, 200, { jsonrpc: '2.0', id: message.id, ...(result ? { result } : { error }) });
  });
}

/** An open server without tools, whose errors are a page with this text. */
export function startServerWithErrorPage(text: string): Promise<TestServer> {
  const page = `<!doctype html><h1>Error</h1><pre>${text.replaceAll('&', '&amp;')}</pre>`;
  const results: Record<string, unknown> = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'a', version: '1' },
    },
    'tools/list': { tools: [] },
  };
  return listen(async (request, response) => {
    const message = parse((await readBody(request).catch(() => undefined)) ?? '');
    const result = results[message?.method ?? ''];
    if (result !== undefined) return sendJson(response, 200, { jsonrpc: '2.0', id: message?.id, result });
    response.writeHead(500, { 'content-type': 'text/html' }).end(page);
  });
}

interface Message {
  id?: unknown;
  method?: string;
  params?: { arguments?: { city?: unknown } };
}

function parse(body: string): Message | undefined {
  try {
    return JSON.parse(body) as Message;
  } catch {
    return undefined;
  }
}
