import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync, writeSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { ProxyAgent, request as send } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCanaries } from '../../../src/lab/world/canaries.ts';
import { startClock } from '../../../src/lab/world/clock.ts';
import { type Authority, createAuthority } from '../../../src/lab/world/gateway/authority.ts';
import { loadCannedAnswers } from '../../../src/lab/world/gateway/canned.ts';
import { createCredential } from '../../../src/lab/world/gateway/credential.ts';
import { type Gateway, openGateway } from '../../../src/lab/world/gateway/gateway.ts';
import { afterwards, servers, temporaryDirectory, until } from '../support.ts';

let authority: Authority;
const canaries = createCanaries(['API_KEY']);
const key = canaries.values.API_KEY ?? '';
const credential = createCredential();
const { mark, proxyUrl } = credential;

beforeAll(async () => {
  authority = await createAuthority();
});

async function gateway(): Promise<Gateway> {
  const answers = await loadCannedAnswers(
    { 'api.weather.test': { 'GET /v1/current': 'current.json' } },
    `${servers}/weather`,
  );
  const opened = await openGateway({
    authority,
    credential,
    answers,
    authorization: null,
    canaries,
    now: startClock(),
  });
  afterwards(opened.close);
  return opened;
}

interface Reply {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const basic = (words: string) => `Basic ${Buffer.from(words).toString('base64')}`;

/** A connection that begins as a preload has it begin. */
function marking<T extends Socket>(socket: T): T {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } };
  return socket.prependOnceListener('connect', () => writeSync(handle.fd, mark));
}

const marked = (port: number) => marking(connect(port, '127.0.0.1'));

const secured = (port: number, options: ConnectionOptions) =>
  marking(connectTls({ ...options, host: '127.0.0.1', port }));

/** A request by HTTPS, as a redirected connection makes it. */
function get(port: number, path = '/v1/current', options: RequestOptions = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        servername: 'api.weather.test',
        headers: { host: 'api.weather.test' },
        ca: authority.certificate,
        createConnection: (own) => secured(port, own as ConnectionOptions),
        ...options,
      },
      (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
          reject,
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

describe('the certificate authority', () => {
  it('is for signing, and what it signs is for one host', async () => {
    const own = new X509Certificate(authority.certificate);
    expect(own.ca).toBe(true);
    const { port } = await gateway();
    const socket = secured(port, { servername: 'a.example', ca: authority.certificate });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    const leaf = socket.getPeerX509Certificate();
    socket.destroy();
    expect(leaf?.checkHost('a.example')).toBe('a.example');
    expect(leaf?.checkHost('b.example')).toBeUndefined();
    expect(leaf?.ca).toBe(false);
    expect(leaf?.verify(own.publicKey)).toBe(true);
  });
});

describe('a canned answer', () => {
  it('comes for a listed path, whatever the query', async () => {
    const { port, record } = await gateway();
    const { status, headers, body } = await get(port, `/v1/current?city=London&key=${key}`);
    expect({ status, type: headers['content-type'], body: JSON.parse(body) }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: { temperature: 12.5 },
    });
    expect(record().requests).toEqual([
      {
        atMs: expect.any(Number),
        scheme: 'https',
        method: 'GET',
        host: 'api.weather.test',
        path: '/v1/current',
        fingerprint: expect.stringMatching(/^[\w-]{16}$/),
        parts: ['query city', 'query key'].map((name) => ({
          name,
          digest: expect.stringMatching(/^[\w-]{16}$/),
        })),
        fault: 'pass',
        canaries: [{ name: 'API_KEY', where: 'query key' }],
        outcome: { kind: 'answered', afterMs: expect.any(Number), status: 200, by: 'canned' },
      },
    ]);
    expect(JSON.stringify(record())).not.toContain(key);
  });

  it('is 404 for another path of a listed host', async () => {
    const { port, record } = await gateway();
    expect((await get(port, `/keys/${key}`)).status).toBe(404);
    expect(record().requests[0]).toMatchObject({
      path: '/keys/<canary API_KEY>',
      canaries: [{ name: 'API_KEY', where: 'path' }],
      outcome: { status: 404, by: 'nobody' },
    });
  });

  it('that cannot be read is named', async () => {
    await expect(loadCannedAnswers({ 'a.test': { 'GET /': 'none.json' } }, servers)).rejects.toThrow(
      'The canned answer "none.json" cannot be read: ENOENT.',
    );
  });
});

describe('as a proxy', () => {
  it('takes tunnels', async () => {
    const { port, record } = await gateway();
    const dispatcher = new ProxyAgent({
      uri: proxyUrl(port),
      requestTls: { ca: authority.certificate },
    });
    const answer = await send('https://api.weather.test/v1/current', {
      dispatcher,
      headers: { authorization: `Basic ${Buffer.from(`me:${key}`).toString('base64')}` },
    });
    expect(await answer.body.json()).toEqual({ temperature: 12.5 });
    await dispatcher.close();
    expect(record().requests).toMatchObject([
      {
        scheme: 'https',
        host: 'api.weather.test',
        canaries: [{ name: 'API_KEY', where: 'header authorization' }],
      },
    ]);
  });

  it.each(['http', 'https'])('takes absolute forms: %s', async (scheme) => {
    const { port, record } = await gateway();
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const path = `${scheme}://api.weather.test/v1/current`;
      const headers = { 'proxy-authorization': basic(`lab:${credential.value}`) };
      httpRequest({ port, host: '127.0.0.1', path, headers, agent: false }, resolve)
        .on('error', reject)
        .end();
    });
    expect(await text(reply)).toContain('12.5');
    expect(record().requests).toMatchObject([{ scheme, host: 'api.weather.test' }]);
  });
});

describe('clients with the URL of the proxy', () => {
  const url = 'https://api.weather.test/v1/current';
  const python = 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())';
  it.each([
    ['curl', ['-sS', url]],
    ['python3', ['-c', python, url]],
    ['curl', ['-sS', url.replace('https', 'http')]],
    ['python3', ['-c', python, url.replace('https', 'http')]],
  ])('%s %j is served', async (program, words) => {
    const { port, record } = await gateway();
    const bundle = join(temporaryDirectory(), 'authority.pem');
    writeFileSync(bundle, authority.certificate);
    const proxy = proxyUrl(port);
    const { stdout } = await promisify(execFile)(program, words, {
      env: {
        PATH: process.env.PATH,
        http_proxy: proxy,
        https_proxy: proxy,
        CURL_CA_BUNDLE: bundle,
        SSL_CERT_FILE: bundle,
      },
    });
    expect(JSON.parse(stdout)).toEqual({ temperature: 12.5 });
    expect(record()).toMatchObject({ requests: [{ host: 'api.weather.test' }], failedConnections: [] });
  });
});

describe('a stranger', () => {
  const wrong = `mcp-prod-lab ${'x'.repeat(40)}`;

  /** What comes back for these bytes until the connection is closed. */
  function answerTo(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        for (const piece of pieces) socket.write(piece);
      });
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.once('close', () => resolve(answer)).once('error', reject);
    });
  }

  it.each([
    ['a request', 'GET /v1/current HTTP/1.1\r\nhost: api.weather.test\r\n\r\n'],
    ['a proxy request', 'GET http://api.weather.test/v1/current HTTP/1.1\r\nhost: api.weather.test\r\n\r\n'],
    ['a tunnel', 'CONNECT api.weather.test:443 HTTP/1.1\r\nhost: api.weather.test:443\r\n\r\n'],
    [
      'another credential',
      `GET http://api.weather.test/ HTTP/1.1\r\nhost: a.test\r\nproxy-authorization: ${basic(`lab:${'x'.repeat(40)}`)}\r\n\r\n`,
    ],
  ])('is answered 407: %s', async (_title, request) => {
    const { port, record } = await gateway();
    const answer = await answerTo(port, request);
    expect(answer).toMatch(/^HTTP\/1\.1 407 .*proxy-authenticate: Basic realm="mcp-prod lab"/is);
    expect(answer).not.toContain('12.5');
    expect(record().requests).toEqual([]);
    expect(record().failedConnections).toMatchObject([
      { host: null, reason: 'The request did not present the credential from HTTP_PROXY.' },
    ]);
  });

  it.each([
    ['no mark', []],
    ['another mark', [wrong]],
    ['a piece of a mark', [mark.subarray(0, -1)]],
  ])('gets no certificate: %s', async (_title, begin) => {
    const { port, record } = await gateway();
    // The beginning of a TLS handshake: the record's type and version, and a length.
    expect(await answerTo(port, ...begin, Buffer.from([22, 3, 1, 0, 200, 1, 0, 0]))).not.toContain('api');
    expect(record().requests).toEqual([]);
    expect(record().failedConnections.length).toBe(1);
  });

  it('is not the client whose mark comes in pieces', async () => {
    const { port, record } = await gateway();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const head = Buffer.from(
      'GET /v1/current HTTP/1.1\r\nhost: api.weather.test\r\nconnection: close\r\n\r\n',
    );
    const bytes = Buffer.concat([mark, head]);
    for (const [from, to] of [
      [0, 5],
      [5, mark.length - 1],
      [mark.length - 1, mark.length + 3],
      [mark.length + 3, bytes.length],
    ] as const) {
      await new Promise((resolve) => socket.write(bytes.subarray(from, to), resolve));
      await new Promise(setImmediate);
    }
    expect(await text(socket)).toContain('12.5');
    expect(record().requests.length).toBe(1);
  });
});

describe('a request that leads back to the lab', () => {
  it.each(['127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]'])(
    'by %s is answered 508',
    async (host) => {
      const [one, other] = [await gateway(), await gateway()];
      for (const { port } of [one, other]) {
        const reply = await new Promise<IncomingMessage>((resolve, reject) => {
          const headers = { 'proxy-authorization': basic(`lab:${credential.value}`) };
          const path = `http://${host}:${port}/v1/current`;
          httpRequest({ port: one.port, host: '127.0.0.1', path, headers, agent: false }, resolve)
            .on('error', reject)
            .end();
        });
        expect(reply.statusCode).toBe(508);
        expect(await text(reply)).toContain('leads back to the lab');
      }
      expect(one.record().requests).toMatchObject(
        [1, 2].map(() => ({ outcome: { kind: 'answered', status: 508, by: 'nobody' } })),
      );
      for (const { record } of [one, other]) expect(record().failedConnections).toEqual([]);
    },
  );
});

describe('a host that is not listed', () => {
  it('is asked for real', async () => {
    const real = createServer(async (request, response) => {
      response.setHeader('x-method', request.method ?? '');
      response.end(`${request.url} ${await text(request)} ${request.headers.connection}`);
    });
    await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
    afterwards(async () => real.close());
    const host = `127.0.0.1:${(real.address() as AddressInfo).port}`;
    const { port, record } = await gateway();
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/search?q=1',
          headers: { host, connection: 'close' },
          createConnection: () => marked(port),
        },
        resolve,
      )
        .on('error', reject)
        .end('body');
    });
    expect(await text(reply)).toBe('/search?q=1 body keep-alive');
    expect(reply.headers['x-method']).toBe('POST');
    expect(record().requests).toMatchObject([
      { scheme: 'http', host, path: '/search', outcome: { kind: 'answered', by: 'upstream' } },
    ]);
  });

  it('that is not there is nobody’s answer', async () => {
    const { port, record } = await gateway();
    const { status } = await get(port, '/', {
      servername: 'localhost',
      headers: { host: 'localhost:1' },
    });
    expect(status).toBe(502);
    expect(record().requests).toMatchObject([{ outcome: { status: 502, by: 'nobody' } }]);
  });
});

describe('a fault', () => {
  it('stalls before the headers, until the client gives up', async () => {
    const { port, set, record } = await gateway();
    await set('stall');
    await expect(get(port, '/v1/current', { signal: AbortSignal.timeout(500) })).rejects.toThrow(/abort/i);
    await until(() => record().requests[0]?.outcome.kind === 'given-up');
    const outcome = record().requests[0]?.outcome;
    expect(outcome).toMatchObject({ kind: 'given-up' });
    expect(outcome?.kind === 'given-up' ? outcome.afterMs : 0).toBeGreaterThan(300);
  });

  it('drips: headers at once, then a byte in less than a second, and no end', async () => {
    const { port, set, record } = await gateway();
    await set('drip');
    const bytes: number[] = [];
    const request = httpsRequest({
      host: '127.0.0.1',
      port,
      servername: 'api.weather.test',
      headers: { host: 'api.weather.test' },
      ca: authority.certificate,
      createConnection: (own) => secured(port, own as ConnectionOptions),
    });
    request.end();
    await new Promise<void>((resolve) => {
      request.once('response', (response: IncomingMessage) => {
        expect(response.statusCode).toBe(200);
        response.on('error', () => {});
        response.on('data', (chunk: Buffer) => {
          bytes.push(chunk.length);
          if (bytes.length === 3) resolve();
        });
      });
    });
    expect(bytes).toEqual([1, 1, 1]);
    request.destroy();
    await until(() => record().requests[0]?.outcome.kind === 'given-up');
  });

  it('resets the connection', async () => {
    const { port, set, record } = await gateway();
    await set('reset');
    await expect(get(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await until(() => record().requests[0]?.outcome.kind === 'cut');
  });

  it('refuses connections, ends those that are open, and accepts again at the same port', async () => {
    const { port, set, record, arrived } = await gateway();
    await set('stall');
    const held = expect(get(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await arrived(1);
    await set('refuse');
    await held;
    await expect(get(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await set('pass');
    expect((await get(port)).status).toBe(200);
    expect(record().requests.map(({ outcome }) => outcome.kind)).toEqual(['cut', 'answered']);
    expect(record().faults.map(({ fault }) => fault)).toEqual(['pass', 'stall', 'refuse', 'pass']);
  });

  it.each([
    ['server-error', 500, undefined],
    ['too-many-requests', 429, '1'],
  ] as const)('%s answers %i', async (fault, status, retryAfter) => {
    const { port, set, record } = await gateway();
    await set(fault);
    const reply = await get(port);
    expect(reply.status).toBe(status);
    expect(reply.headers['retry-after']).toBe(retryAfter);
    expect(record().requests).toMatchObject([{ fault, outcome: { kind: 'answered', status, by: 'fault' } }]);
  });
});

describe('what came to nothing is told', () => {
  it('a client that does not trust the certificate', async () => {
    const { port, record } = await gateway();
    await expect(get(port, '/', { ca: [] })).rejects.toThrow();
    await until(() => record().failedConnections.length > 0);
    expect(record().failedConnections[0]).toMatchObject({ host: 'api.weather.test' });
    expect(record().requests).toEqual([]);
  });

  it('what is no HTTP', async () => {
    const { port, record } = await gateway();
    marked(port)
      .on('error', () => {})
      .end('*1\r\n$4\r\nPING\r\n\r\n');
    await until(() => record().failedConnections.length > 0);
    expect(record().failedConnections).toMatchObject([
      { host: null, reason: 'The request was not HTTP/1.1.' },
    ]);
  });

  it('but not a connection that is made and left', async () => {
    const { port, record } = await gateway();
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => socket.end(resolve)));
    expect((await get(port)).status).toBe(200);
    expect(record().failedConnections).toEqual([]);
  });
});

it('requests for the same are known by their fingerprints, and nothing else is', async () => {
  const { port, record } = await gateway();
  for (const city of ['London', 'London', 'Paris']) await get(port, `/v1/current?city=${city}`);
  const [first, second, third] = record().requests.map(({ fingerprint }) => fingerprint);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it('requests are counted, not connections', async () => {
  const { port, record } = await gateway();
  const dispatcher = new ProxyAgent({
    uri: proxyUrl(port),
    requestTls: { ca: authority.certificate },
  });
  for (let count = 0; count < 3; count += 1) {
    const { body } = await send('https://api.weather.test/v1/current', { dispatcher });
    await body.dump();
  }
  await dispatcher.close();
  expect(record().requests.length).toBe(3);
});
