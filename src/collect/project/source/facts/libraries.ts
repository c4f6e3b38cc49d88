import type { Call } from '../module.ts';
import { type FactReader, isNothing, optionsAt, placeOf, type Reading } from './reader.ts';

/** Calls that make a cache, by full name. */
const caches =
  /^(?:lru-cache(?:\.LRUCache)?|node-cache|keyv(?:\.Keyv)?|cache-manager\.(?:createCache|caching)|quick-lru|@isaacs\/ttlcache(?:\.TTLCache)?|memoizee|p-memoize|flat-cache(?:\.\w+)?|cachetools\.\w+|functools\.(?:lru_cache|cache)|diskcache\.(?:Fanout)?Cache|aiocache\.\w+|async_lru\.alru_cache|ioredis(?:\.Redis)?|redis\.createClient|redis(?:\.asyncio)?\.(?:Redis|from_url|StrictRedis)|redis\.(?:asyncio\.)?Redis\.from_url|memjs\.Client\.create|pymemcache\.client\.base\.Client)$/;

/** Calls that connect an error tracker. */
const trackers =
  /^(?:@sentry\/(?:node|bun|deno|nestjs|nextjs|aws-serverless|cloudflare|google-cloud-serverless)\.init|sentry_sdk\.init|rollbar(?:\.init)?|@bugsnag\/js\.(?:start|default\.start)|@bugsnag\/js|bugsnag\.configure|@honeybadger-io\/js\.configure|honeybadger\.configure|@appsignal\/nodejs\.Appsignal|appsignal\.Appsignal|@airbrake\/node\.Notifier|raygun\.Client)$/;

const measuring =
  /^(?:prom-client\.(?:Counter|Histogram|Summary)|prometheus_client\.(?:Counter|Histogram|Summary)|(?:@opentelemetry\/sdk-metrics|opentelemetry\.sdk\.metrics)\.MeterProvider|hot-shots(?:\.StatsD)?|datadog\.statsd\.\w+|prometheus_fastapi_instrumentator\.Instrumentator|express-prom-bundle|starlette_exporter\.PrometheusMiddleware|starlette_prometheus\.PrometheusMiddleware)$/;
const exposing =
  /^(?:prom-client\.(?:register|Registry\(\))\.metrics|prometheus_client\.(?:start_http_server|make_asgi_app|make_wsgi_app|generate_latest|exposition\.generate_latest)|prometheus_fastapi_instrumentator\.Instrumentator\(\)(?:\.instrument\(\))?\.expose|express-prom-bundle|(?:@opentelemetry\/exporter-[\w-]+|opentelemetry\.exporter\.[\w.]+)\.(?=\w*(?:Metric|Prometheus))\w+|@opentelemetry\/exporter-prometheus\.PrometheusExporter|hot-shots(?:\.StatsD)?|datadog\.statsd\.\w+)$/;

const limiters =
  /^(?:express-rate-limit(?:\.rateLimit)?|rate-limiter-flexible\.RateLimiter\w+|express-slow-down|@upstash\/ratelimit\.Ratelimit|hono-rate-limiter\.rateLimiter|koa-ratelimit|@nestjs\/throttler\.ThrottlerModule\.\w+|slowapi\.Limiter|limits\.strategies\.\w+|fastapi_limiter\.FastAPILimiter\.init|fastmcp\.server\.middleware\.rate_limiting\.\w+)$/;

const listening =
  /^(?:(?:express|fastify|fastify\.fastify|koa|polka|restify\.createServer|https?\.createServer|https?\.Server|http2\.createSecureServer)\(\)\.listen|@hono\/node-server\.serve|uvicorn\.run|uvicorn\.Server\(\)\.(?:run|serve)|hypercorn\.\w+\.serve|aiohttp\.web\.run_app|waitress\.serve|http\.server\.(?:Threading)?HTTPServer|global\.(?:Bun|Deno)\.serve)$/;

/** Names that say that a package has to do with MCP: `@modelcontextprotocol/sdk`, `fastmcp`, `mcp.server.fastmcp`. */
const mcpPackage = /modelcontextprotocol|(?:^|[^a-z])(?:fast|x)?mcp(?:[^a-z]|$)/i;

/** Records the libraries that are put to use, by the calls that do it: an import alone says little. */
export const readLibraries: FactReader = (reading) => {
  const { module, names, facts } = reading;
  for (const { name, line } of module.imports) {
    if (mcpPackage.test(name)) facts.mcpImports.push({ library: name, at: placeOf(module, line) });
  }
  for (const call of module.calls) {
    const name = names.of(call.callee);
    if (name === undefined) continue;
    const use = { library: libraryOf(name), at: placeOf(module, call.line) };
    if (caches.test(name)) facts.caches.push(use);
    if (trackers.test(name) && !isOff(name, call, reading)) facts.errorTrackers.push(use);
    if (measuring.test(name)) facts.metrics.push({ ...use, role: 'measures' });
    if (exposing.test(name)) facts.metrics.push({ ...use, role: 'exposes' });
    if (limiters.test(name)) facts.rateLimiters.push(use);
    if (listening.test(name)) facts.listeners.push(use);
    if (isPlugin(call, reading)) facts.rateLimiters.push({ ...use, library: '@fastify/rate-limit' });
  }
};

/** `@sentry/node.init` → `@sentry/node`, `express().listen` → `express`. */
function libraryOf(name: string): string {
  const whole = name.replace(/^global\./, '').split('()', 1)[0] ?? name;
  const scope = whole.startsWith('@') ? `${whole.split('/')[0]}/` : '';
  return scope + (whole.slice(scope.length).split('.')[0] ?? whole);
}

/** A tracker without an address sends nothing. */
function isOff(name: string, call: Call, { names }: Reading): boolean {
  const { entries } = name.startsWith('sentry_sdk') ? { entries: call.keywords } : optionsAt(call, 0, names);
  const dsn = entries.get('dsn') ?? (name.startsWith('sentry_sdk') ? call.args[0] : undefined);
  return (dsn !== undefined && isEmpty(dsn)) || (entries.has('enabled') && isNothing(entries.get('enabled')));
}

const isEmpty = (value: Parameters<typeof isNothing>[0]): boolean =>
  isNothing(value) || (value?.kind === 'text' && value.text === '');

/** `app.register(rateLimit, …)` */
const isPlugin = ({ callee, args: [plugin] }: Call, { names }: Reading): boolean =>
  callee.kind === 'member' &&
  callee.name === 'register' &&
  plugin !== undefined &&
  names.of(plugin) === '@fastify/rate-limit';
