import type { Language } from '../language.ts';

export const libraries: Language['libraries'] = {
  caches:
    /^(?:cachetools\.\w+|functools\.(?:lru_cache|cache)|diskcache\.(?:Fanout)?Cache|aiocache\.\w+|async_lru\.alru_cache|redis(?:\.asyncio)?\.(?:Redis|from_url|StrictRedis)|redis\.(?:asyncio\.)?Redis\.from_url|pymemcache\.client\.base\.Client)$/,
  errorTrackers:
    /^(?:sentry_sdk\.init|rollbar\.init|bugsnag\.configure|honeybadger\.configure|appsignal\.Appsignal)$/,
  measuring:
    /^(?:prometheus_client\.(?:Counter|Histogram|Summary)|opentelemetry\.sdk\.metrics\.MeterProvider|datadog\.statsd\.\w+|prometheus_fastapi_instrumentator\.Instrumentator|starlette_exporter\.PrometheusMiddleware|starlette_prometheus\.PrometheusMiddleware)$/,
  exposing:
    /^(?:prometheus_client\.(?:start_http_server|make_asgi_app|make_wsgi_app|generate_latest|exposition\.generate_latest)|prometheus_fastapi_instrumentator\.Instrumentator\(\)(?:\.instrument\(\))?\.expose|opentelemetry\.exporter\.[\w.]+\.(?=\w*(?:Metric|Prometheus))\w+|datadog\.statsd\.\w+)$/,
  rateLimiters:
    /^(?:slowapi\.Limiter|limits\.strategies\.\w+|fastapi_limiter\.FastAPILimiter\.init|fastmcp\.server\.middleware\.rate_limiting\.\w+)$/,
  listeners:
    /^(?:uvicorn\.run|uvicorn\.Server\(\)\.(?:run|serve)|hypercorn\.\w+\.serve|aiohttp\.web\.run_app|waitress\.serve|http\.server\.(?:Threading)?HTTPServer)$/,
};
