import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { listen, listening, readBody, sendJson, type TestServer } from './listen.ts';

const eventStream = { 'content-type': 'text/event-stream' };

/** Bytes that every socket gets as its answer, or what is done with the socket. */
function raw(serve: (socket: Socket) => void): Promise<TestServer> {
  return listening(createServer(serve), '/mcp');
}

/** Answers each request with these bytes, once its head is there. */
function bytes(answer: string | Buffer, end: boolean): Promise<TestServer> {
  return raw((socket) => {
    socket.once('data', () => {
      if (end) socket.end(answer);
      else socket.write(answer);
    });
  });
}

/** Writes for as long as the reader takes it, without piling up in memory. */
function pour(response: ServerResponse, piece: string | Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(piece)) {
      // until the buffer is full
    }
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

const html = { 'content-type': 'text/html' };

export const longPlaces = [
  'name',
  'version',
  'tool name',
  'error message',
  'header',
  'health',
  'page',
] as const;
export type LongPlace = (typeof longPlaces)[number];

/** Servers that are no good in one way each, by what they do. */
export const brokenServers = {
  // Reads, for a socket with unread data never notices that the other side is gone.
  acceptsAndNeverAnswers: () => raw((socket) => socket.resume()),
  closesAtOnce: () => raw((socket) => socket.destroy()),
  answersGarbage: () => bytes('220 mail.example ESMTP ready\r\n', true),
  answersHalf: () => bytes('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"jsonrpc":', true),
  sendsHeadersOnly: () => bytes('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n', false),
  answersStatus999: () => bytes('HTTP/1.1 999 Odd\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}', true),
  sends500Headers: () =>
    listen((_request, response) => {
      for (let index = 0; index < 500; index += 1) response.setHeader(`x-header-${index}`, 'v');
      sendJson(response, 200, { ok: true });
    }),
  sendsHugeHeader: () =>
    listen((_request, response) => sendJson(response, 200, {}, { x: 'v'.repeat(60_000) })),
  pageForEverything: () =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hello</title>');
    }),
  jsonForEverything: () => listen((_request, response) => sendJson(response, 200, { status: 'ok' })),
  oneByteASecond: () =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      const timer = setInterval(() => response.write(' '), 1_000);
      response.on('close', () => clearInterval(timer));
    }),
  endlessBody: () =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      pour(response, Buffer.alloc(64 * 1024, ' '));
    }),
  gigabyteBody: () =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(1024 ** 3) });
      pour(response, Buffer.alloc(64 * 1024, ' '));
    }),
  endlessEvents: () =>
    listen((_request, response) => {
      response.writeHead(200, eventStream);
      pour(response, 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n'.repeat(100));
    }),
  silentEvents: () =>
    listen((_request, response) => {
      response.writeHead(200, eventStream).write(': nothing\n\n');
    }),
  gzipBomb: () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    return listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    });
  },
  gzipBombInGzip: () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(256 * 1024 * 1024)));
    return listen((_request, response) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip, gzip' };
      response.writeHead(200, headers).end(bomb);
    });
  },
  brokenGzip: () =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('{}');
    }),
  /** A name that every plain object has something under. */
  inheritedCoding: () =>
    listen((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'constructor' })
        .end('{}');
    }),
  resetsInGzip: () =>
    raw((socket) => {
      socket.once('data', () => {
        const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n';
        const half = Buffer.concat([Buffer.from(head), gzipSync('{"jsonrpc":"2.0"}').subarray(0, 15)]);
        socket.write(half, () => socket.resetAndDestroy());
      });
    }),
  switchesProtocols: () =>
    bytes(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nwhatever',
      true,
    ),
  answersTwice: () => bytes(`${'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'.repeat(2)}and more`, true),
  answersBeforeItIsAsked: () =>
    raw((socket) => {
      socket.on('data', () => {});
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    }),
  badUtf8: () =>
    listen((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(Buffer.from([0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22]));
    }),
  deepJson: () =>
    listen((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    }),
  deepSchema: () =>
    rpc((id, method) => {
      const schema = `${'{"properties":'.repeat(30_000)}{}${'}'.repeat(30_000)}`;
      const tools = `{"tools":[{"name":"deep","inputSchema":{"type":"object","properties":{"a":${schema}}}}]}`;
      return `{"jsonrpc":"2.0","id":${id},"result":${method === 'tools/list' ? tools : initialized}}`;
    }),
  /** JSON can write numbers that are larger than any (RFC 8259 section 6). */
  numbersWithoutEnd: () =>
    rpc((id, method) => {
      const hints = `"tools":[],"supportedVersions":["2026-07-28"],"ttlMs":1e999,"cacheScope":"private"`;
      const error = `{"jsonrpc":"2.0","id":${id},"error":{"code":1e999,"message":"no"}}`;
      const known = ['initialize', 'server/discover', 'tools/list'].includes(method);
      return known ? `{"jsonrpc":"2.0","id":${id},"result":${initialized.slice(0, -1)},${hints}}}` : error;
    }),
  wrongIds: () => rpc(() => `{"jsonrpc":"2.0","id":"other","result":${initialized}}`),
  nullResults: () => rpc((id) => `{"jsonrpc":"2.0","id":${id},"result":null}`),
  endlessPages: () =>
    rpc((id, method) => {
      const page = '{"tools":[{"name":"t","inputSchema":{"type":"object"}}],"nextCursor":"more"}';
      return `{"jsonrpc":"2.0","id":${id},"result":${method === 'tools/list' ? page : initialized}}`;
    }),
  endlessNewPages: () => {
    let page = 0;
    return rpc((id, method) => {
      page += 1;
      const tools = `{"tools":[{"name":"t${page}","inputSchema":{"type":"object"}}],"nextCursor":"${page}"}`;
      return `{"jsonrpc":"2.0","id":${id},"result":${method === 'tools/list' ? tools : initialized}}`;
    });
  },
  /** Serves MCP, with names that a terminal, a pipeline, a browser or a table could act on. */
  hostileNames: () => {
    const name = JSON.stringify(
      '\u001b]0;owned\u0007\u001b[2J\u009b31m<script>alert(1)</script>\n::error::gone\n]]>\n| a | b |\n\u202e',
    );
    return rpc((id, method) => {
      const tools = `{"tools":[{"name":${name},"inputSchema":{"type":"object"}}]}`;
      const info = `{"protocolVersion":"2025-11-25","capabilities":{"tools":{},${name}:{}},"serverInfo":{"name":${name},"version":"\\ud800"}}`;
      return `{"jsonrpc":"2.0","id":${id},"result":${method === 'tools/list' ? tools : info}}`;
    });
  },
  /** Serves MCP, and has a very long text in one place. */
  longText: (place: LongPlace, text: string) => {
    const at = (here: LongPlace) => (place === here ? text : 'short');
    const initialize = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: at('name'), version: at('version') },
    };
    const tools = [{ name: at('tool name'), description: at('tool name'), inputSchema: { type: 'object' } }];
    return listen(async (request, response) => {
      const { id, method } = rpcOf(await readBody(request));
      if (place === 'header') response.setHeader('x-long', text);
      if (request.method !== 'POST') {
        const isHealth = request.url === '/health';
        if (isHealth && place === 'health') return sendJson(response, 200, { status: text });
        if (!isHealth && place === 'page') return void response.writeHead(404, html).end(`<html>${text}`);
        return sendJson(response, isHealth ? 200 : 404, { status: 'short' });
      }
      if (id === undefined) return void response.writeHead(202).end();
      const reply =
        method === 'initialize'
          ? { result: initialize }
          : method === 'tools/list'
            ? { result: { tools } }
            : { error: { code: -32601, message: at('error message'), data: at('error message') } };
      sendJson(response, 200, { jsonrpc: '2.0', id: JSON.parse(id), ...reply });
    });
  },
  /** Never answers a POST, and anything else at once. */
  hangsOnPost: () =>
    listen((request, response) => {
      if (request.method === 'POST') request.resume();
      else sendJson(response, 404, { error: 'Not found' });
    }),
  /** Interim answers without an end (RFC 9110 section 15.2), and never the answer. */
  endlessInterim: () =>
    raw((socket) => {
      socket.once('data', () => {
        const more = () => {
          while (
            !socket.destroyed &&
            socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(500))
          ) {
            // until the buffer is full
          }
          if (!socket.destroyed) socket.once('drain', more);
        };
        more();
      });
    }),
  /** Serves MCP for three requests, and then lets go of everything. */
  diesSoon: async () => {
    let answered = 0;
    const server = await rpc((id) => {
      answered += 1;
      if (answered >= 3) setImmediate(() => void server.close());
      return `{"jsonrpc":"2.0","id":${id},"result":${initialized}}`;
    });
    return server;
  },
  redirectsElsewhere: (to: URL) =>
    listen((_request, response) => {
      response.writeHead(308, { location: to.href }).end();
    }),
  redirectsToItself: () =>
    listen((request, response) => {
      response.writeHead(307, { location: request.url ?? '/' }).end();
    }),
  always: (status: number, headers: Record<string, string> = {}) =>
    listen((_request, response) => sendJson(response, status, { error: 'No' }, headers)),
  selfSignedCertificate: () => listen((_request, response) => sendJson(response, 200, {}), '/mcp', 'https'),
};

/** The result of `initialize`. */
const initialized =
  '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"odd","version":"1"}}';

/** Answers JSON-RPC requests with what `answer` writes for their id and method; notifications with 202. */
function rpc(answer: (id: string, method: string) => string): Promise<TestServer> {
  return listen(async (request, response) => {
    const { id, method } = rpcOf(await readBody(request));
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    if (id === undefined) response.writeHead(202).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(answer(id, method));
  });
}

/** What a message asks for, and its id as JSON, in whatever else it is. */
function rpcOf(body = ''): { id: string | undefined; method: string } {
  return {
    id: /"id":\s*([^,}]+)/.exec(body)?.[1],
    method: /"method":\s*"([^"]+)"/.exec(body)?.[1] ?? '',
  };
}
