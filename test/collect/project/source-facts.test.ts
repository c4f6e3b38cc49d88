import { describe, expect, it } from 'vitest';
import { python, readProject, typescript } from './source-support.ts';

describe('logging in TypeScript', () => {
  it.each([
    ['import pino from "pino"; export const log = pino()', 'json'],
    ['import { pino } from "pino"; const log = pino({ level: "info" })', 'json'],
    ['const log = require("pino")({ transport: { target: "pino-pretty" } })', 'text'],
    ['import pino from "pino"; pino({ transport: dev ? { target: "pino-pretty" } : undefined })', 'unknown'],
    ['import pino from "pino"; pino(options)', 'unknown'],
    [
      'import winston from "winston"; winston.createLogger({ transports: [new winston.transports.Console()] })',
      'json',
    ],
    ['import { createLogger, format } from "winston"; createLogger({ format: format.simple() })', 'text'],
    [
      'import { createLogger, format } from "winston"; const { combine, timestamp, json } = format; createLogger({ format: combine(timestamp(), json()) })',
      'json',
    ],
    ['import winston from "winston"; winston.createLogger({ format: winston.format.printf(f) })', 'unknown'],
    ['import bunyan from "bunyan"; bunyan.createLogger({ name: "a" })', 'json'],
    ['import Fastify from "fastify"; Fastify({ logger: true })', 'json'],
    ['import { Logger } from "@nestjs/common"; class A { log = new Logger(A.name) }', 'unknown'],
    ['import morgan from "morgan"; app.use(morgan("combined"))', 'text'],
  ])('%s: %s', async (text, form) => {
    expect((await typescript(text)).loggers).toMatchObject([{ form }]);
  });

  it('is what is printed, once or for each call', async () => {
    const { plainOutput } = await typescript(`console.log("loading");
async function main() {
  app.post("/mcp", async (req, res) => { console.error("failed", req.body); });
  server.tool("x", {}, async () => { console.log(\`call \${x}\`); console.log(JSON.stringify({ level: "info" })); log(line); });
  app.listen(3000, () => console.log("listening"));
}
function weather() { console.warn("slow"); console.log(line); }
main().catch((error) => console.error("Fatal", error));
const console2 = { log() {} }; console2.log("x");
`);
    expect(plainOutput.map(({ call, when, at }) => [call, when, at.line])).toEqual([
      ['console.log', 'start', 1],
      ['console.error', 'running', 3],
      ['console.log', 'running', 4],
      ['console.log', 'start', 5],
      ['console.warn', 'running', 7],
      ['console.error', 'start', 8],
    ]);
  });
});

describe('logging in Python', () => {
  it.each([
    ['import logging\nlogging.basicConfig(level=logging.INFO)', 'text'],
    ['import logging\nlogging.basicConfig(format="%(asctime)s %(message)s")', 'text'],
    [
      `import logging\nlogging.basicConfig(format='{"time":"%(asctime)s","message":"%(message)s"}')`,
      'template',
    ],
    ['import logging\nlogging.basicConfig(handlers=[h])', 'unknown'],
    ['import structlog\nstructlog.configure(processors=[structlog.processors.JSONRenderer()])', 'json'],
    ['import structlog\nstructlog.configure(processors=[structlog.dev.ConsoleRenderer()])', 'text'],
    ['from loguru import logger\nlogger.add(sys.stdout, serialize=True)', 'json'],
    ['from pythonjsonlogger import jsonlogger\nf = jsonlogger.JsonFormatter()', 'json'],
    ['from pythonjsonlogger.json import JsonFormatter\nf = JsonFormatter("{message}")', 'json'],
  ])('%j: %s', async (text, form) => {
    expect((await python(text)).loggers).toMatchObject([{ form }]);
  });

  it('is what is printed, to a terminal', async () => {
    const { plainOutput } = await python(`print("a")
def get(city):
    print(f"asked for {city}")
    print(json.dumps(a))
    print("x", file=f)
    print("y", file=sys.stderr)
if __name__ == "__main__":
    print("starting")
`);
    expect(plainOutput.map(({ when, at }) => [when, at.line])).toEqual([
      ['start', 1],
      ['running', 3],
      ['start', 8],
    ]);
  });

  it('knows where stderr comes from', async () => {
    const { plainOutput } = await python('import sys\ndef get():\n  print("y", file=sys.stderr)\n');
    expect(plainOutput).toMatchObject([{ call: 'print', when: 'running' }]);
  });
});

describe('a signal handler', () => {
  it.each([
    ['process.on("SIGTERM", () => process.exit(0))', 'SIGTERM', true],
    ['process.on("SIGTERM", () => { console.log("bye"); process.exit(0); })', 'SIGTERM', true],
    ['process.once("SIGTERM", async () => { await server.close(); process.exit(0); })', 'SIGTERM', false],
    ['import process from "node:process"; process.on("SIGINT", stop)', 'SIGINT', false],
    ['for (const s of ["SIGINT", "SIGTERM"]) process.on(s, stop)', 'unknown', false],
    ['import closeWithGrace from "close-with-grace"; closeWithGrace(f)', 'SIGTERM', false],
    ['app.enableShutdownHooks()', 'SIGTERM', false],
  ])('is %s', async (text, signal, exitsAtOnce) => {
    // The last ones are only looked at in files that mention something that matters.
    const { signalHandlers } = await typescript(`${text}; app.listen(1)`);
    expect(signalHandlers).toMatchObject([{ signal, exitsAtOnce }]);
  });

  it.each([
    ['import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))', 'SIGTERM', true],
    ['from signal import SIGTERM\nloop.add_signal_handler(SIGTERM, stop)', 'SIGTERM', false],
  ])('is %j', async (text, signal, exitsAtOnce) => {
    expect((await python(text)).signalHandlers).toMatchObject([{ signal, exitsAtOnce }]);
  });

  it('is none for other events', async () => {
    expect(
      (await typescript('process.on("uncaughtException", f); emitter.on("SIGTERM", f)')).signalHandlers,
    ).toEqual([]);
  });
});

describe('libraries', () => {
  it('are what is called, not what is imported', async () => {
    const facts = await typescript(`
import * as Sentry from '@sentry/node';
import { LRUCache } from 'lru-cache';
import Redis from 'ioredis';
import client, { Counter, Histogram, register } from 'prom-client';
import rateLimit from 'express-rate-limit';
import Rollbar from 'rollbar';
import express from 'express';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
Sentry.init({ dsn: process.env.SENTRY_DSN });
const cache = new LRUCache({ max: 5 });
const redis = new Redis(url);
new Histogram({ name: 'a' });
app2.get('/metrics', async (q, r) => r.send(await client.register.metrics()));
const app = express();
app.use(rateLimit({ limit: 5 }));
app.listen(3000);
`);
    const lines = (uses: readonly { library: string; at: { line: number } }[]) =>
      uses.map(({ library, at }) => [library, at.line]);
    expect(lines(facts.errorTrackers)).toEqual([['@sentry/node', 10]]);
    expect(lines(facts.caches)).toEqual([
      ['lru-cache', 11],
      ['ioredis', 12],
    ]);
    expect(facts.metrics).toMatchObject([{ role: 'measures' }, { role: 'exposes' }]);
    expect(lines(facts.rateLimiters)).toEqual([['express-rate-limit', 16]]);
    expect(lines(facts.listeners)).toEqual([['express', 17]]);
    expect(lines(facts.mcpImports)).toEqual([['@modelcontextprotocol/sdk/server/mcp.js', 9]]);
  });

  it('are found in Python, decorators included', async () => {
    const facts = await python(`
import sentry_sdk, uvicorn
from functools import lru_cache
from cachetools import TTLCache
from prometheus_client import Counter, start_http_server
from slowapi import Limiter
sentry_sdk.init(dsn="https://a@b/1")
cache = TTLCache(maxsize=10, ttl=60)
CALLS = Counter("calls", "Calls")
start_http_server(9000)
limiter = Limiter(key_func=f)
@lru_cache(maxsize=5)
def get(): pass
uvicorn.run(app)
`);
    expect(facts.errorTrackers).toMatchObject([{ library: 'sentry_sdk' }]);
    expect(facts.caches).toMatchObject([{ library: 'cachetools' }, { library: 'functools' }]);
    expect(facts.metrics).toMatchObject([{ role: 'measures' }, { role: 'exposes' }]);
    expect(facts.rateLimiters).toMatchObject([{ library: 'slowapi' }]);
    expect(facts.listeners).toMatchObject([{ library: 'uvicorn' }]);
  });

  it.each(['Sentry.init({ dsn: "" })', 'Sentry.init({ dsn, enabled: false })'])(
    'a tracker may be off: %s',
    async (call) => {
      const { errorTrackers } = await typescript(`import * as Sentry from "@sentry/node"; ${call}`);
      expect(errorTrackers).toEqual([]);
    },
  );
});

describe('a literal under a secret’s name', () => {
  const value = 'Zk3mQ9rTzAb1c2d4';
  it.each([
    `const apiKey = "${value}"`,
    `const config = { openweatherApiKey: "${value}" }`,
    `const key = process.env.API_KEY ?? "${value}"`,
    `config.clientSecret = '${value}'`,
    `class A { private password = "${value}" }`,
    `function f(token = \`${value}\`) {}`,
    `fetch(u, { headers: { Authorization: "Bearer ${value}" } })`,
    `f(process.env["API_KEY"] || "${value}")`,
  ])('in TypeScript: %s', async (text) => {
    const { secrets } = await readProject({ 'src/a.ts': text });
    expect(secrets).toMatchObject([{ at: { file: 'src/a.ts', line: 1 } }]);
    expect(JSON.stringify(secrets)).not.toContain(value);
  });

  it.each([
    `API_KEY = "${value}"`,
    `self.api_key = "${value}"`,
    `c = Client(api_key="${value}")`,
    `key = os.getenv("API_KEY", "${value}")`,
    `d = {"db_password": "${value}"}`,
    `key = os.environ.get("API_KEY") or "${value}"\napi_key = "${value}"`,
    `def f(token: str = "${value}"): pass`,
  ])('in Python: %j', async (text) => {
    expect((await readProject({ 'a.py': text })).secrets).toHaveLength(1);
  });

  it.each([
    'const apiKey = "your-api-key-123456"',
    'const apiKey = process.env.API_KEY',
    'const cacheKey = "weather2:london9876"',
    'const tokenUrl = "https://a.example/t0k3n12345"',
    'if (token === "Zk3mQ9rTzAb1c2d4") x()',
    'const password = "password"; const secret = "correct horse battery"',
    'const token = "page_token_v2"; const API_KEY = "X_API_KEY_HEADER"',
    'type A = { apiKey: "Zk3mQ9rTzAb1c2d4" }',
    '// apiKey = "Zk3mQ9rTzAb1c2d4"',
  ])('is none: %s', async (text) => {
    expect((await readProject({ 'src/a.ts': text })).secrets).toEqual([]);
  });
});

describe('files that cannot be read', () => {
  it('are counted, and end nothing', async () => {
    const fetching = 'await fetch(url);\n';
    const { facts, notices } = await readProject({
      'deep.ts': `fetch(${'['.repeat(100_000)})`,
      'deep.py': `print(${'['.repeat(50_000)})`,
      'slow.ts': `fetch; ${'<T>('.repeat(24)}${')'.repeat(24)}`,
      'broken.ts': `${fetching}const = ;;; @@@ \u0000`,
      'large.ts': fetching.repeat(20_000),
      'minified.js': `fetch(url);${'var a=1;'.repeat(1_000)}`,
      'types.d.ts': fetching,
      'good.ts': fetching,
    });
    expect(facts.httpCalls.map(({ at }) => at.file)).toContain('good.ts');
    expect(facts.httpCalls.map(({ at }) => at.file)).not.toContain('large.ts');
    expect(facts.unparsed).toBeGreaterThan(1);
    expect(notices).toHaveLength(1);
  }, 30_000);
});
