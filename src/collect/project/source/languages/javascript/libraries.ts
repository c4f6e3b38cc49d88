import type { Language } from '../language.ts';

export const libraries: Language['libraries'] = {
  caches:
    /^(?:lru-cache(?:\.LRUCache)?|node-cache|keyv(?:\.Keyv)?|cache-manager\.(?:createCache|caching)|quick-lru|@isaacs\/ttlcache(?:\.TTLCache)?|memoizee|p-memoize|flat-cache(?:\.\w+)?|ioredis(?:\.Redis)?|redis\.createClient|memjs\.Client\.create)$/,
  errorTrackers:
    /^(?:@sentry\/(?:node|bun|deno|nestjs|nextjs|aws-serverless|cloudflare|google-cloud-serverless)\.init|rollbar(?:\.init)?|@bugsnag\/js\.(?:start|default\.start)|@bugsnag\/js|@honeybadger-io\/js\.configure|@appsignal\/nodejs\.Appsignal|@airbrake\/node\.Notifier|raygun\.Client)$/,
  measuring:
    /^(?:prom-client\.(?:Counter|Histogram|Summary)|@opentelemetry\/sdk-metrics\.MeterProvider|hot-shots(?:\.StatsD)?|express-prom-bundle)$/,
  exposing:
    /^(?:prom-client\.(?:register|Registry\(\))\.metrics|express-prom-bundle|@opentelemetry\/exporter-[\w-]+\.(?=\w*(?:Metric|Prometheus))\w+|hot-shots(?:\.StatsD)?)$/,
  rateLimiters:
    /^(?:express-rate-limit(?:\.rateLimit)?|rate-limiter-flexible\.RateLimiter\w+|express-slow-down|@upstash\/ratelimit\.Ratelimit|hono-rate-limiter\.rateLimiter|koa-ratelimit|@nestjs\/throttler\.ThrottlerModule\.\w+)$/,
  listeners:
    /^(?:(?:express|fastify|fastify\.fastify|koa|polka|restify\.createServer|https?\.createServer|https?\.Server|http2\.createSecureServer)\(\)\.listen|@hono\/node-server\.serve|global\.(?:Bun|Deno)\.serve)$/,
};
