import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Events } from '../events.ts';

/** Seconds. An answer from the cache takes about one millisecond, one from the weather service up to its timeout. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const upstreamBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
/** nginx's number for a client that left before the answer. */
const clientLeft = 499;

/**
 * Counts events. All labels take few values, whatever clients send: registered paths, the names of tools and
 * operations, outcomes. None says who called.
 */
export function collectMetrics(events: Events): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Histogram({
    name: 'mcp_http_request_duration_seconds',
    help: 'HTTP requests by method, registered path and status. Streams that stay open are not in it.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers,
  });
  events.on('request', ({ method, route, status, durationMs, abandoned, stream }) => {
    if (stream) return;
    const labels = {
      method: knownMethods.has(method) ? method : 'other',
      route,
      status: abandoned ? clientLeft : status,
    };
    requests.observe(labels, durationMs / 1000);
  });

  const toolCalls = new Histogram({
    name: 'mcp_tool_call_duration_seconds',
    help: 'Tool calls by tool and outcome.',
    labelNames: ['tool', 'outcome'] as const,
    buckets,
    registers,
  });
  events.on('toolCall', ({ tool, outcome, durationMs }) =>
    toolCalls.observe({ tool, outcome }, durationMs / 1000),
  );

  const upstreamCalls = new Histogram({
    name: 'mcp_upstream_request_duration_seconds',
    help: 'Requests to the weather service, retries included, by operation and outcome.',
    labelNames: ['operation', 'outcome'] as const,
    buckets: upstreamBuckets,
    registers,
  });
  events.on('upstreamCall', ({ operation, outcome, durationMs }) =>
    upstreamCalls.observe({ operation, outcome }, durationMs / 1000),
  );

  const circuit = new Gauge({
    name: 'mcp_upstream_circuit_open',
    help: '1 while the weather service is not asked because it kept failing.',
    registers,
  });
  circuit.set(0);
  events.on('circuit', ({ open }) => circuit.set(open ? 1 : 0));

  const cacheReads = new Counter({
    name: 'mcp_cache_reads_total',
    help: 'Reads of the cache by result; coalesced ones joined an equal question that was still open.',
    labelNames: ['result'] as const,
    registers,
  });
  for (const result of ['hit', 'miss', 'coalesced']) cacheReads.inc({ result }, 0);
  events.on('cacheRead', ({ result }) => cacheReads.inc({ result }));

  const decisions = new Counter({
    name: 'mcp_rate_limit_decisions_total',
    help: 'Decisions of the rate limit: allowed or refused.',
    labelNames: ['decision'] as const,
    registers,
  });
  for (const decision of ['allowed', 'refused']) decisions.inc({ decision }, 0);
  events.on('rateLimit', ({ messages, allowed }) =>
    decisions.inc({ decision: allowed ? 'allowed' : 'refused' }, messages),
  );

  const degraded = new Gauge({
    name: 'mcp_store_degraded',
    help: '1 while the shared store cannot be reached and this instance uses its own memory.',
    registers,
  });
  degraded.set(0);
  events.on('store', ({ available }) => degraded.set(available ? 0 : 1));

  const overloaded = new Gauge({
    name: 'mcp_overloaded',
    help: '1 while requests are refused because there is more to do than the process can.',
    registers,
  });
  overloaded.set(0);
  events.on('overload', (event) => overloaded.set(event.overloaded ? 1 : 0));

  const streams = new Gauge({
    name: 'mcp_open_streams',
    help: 'Streams that clients hold open, by kind.',
    labelNames: ['kind'] as const,
    registers,
  });
  for (const kind of ['listen', 'sse']) streams.set({ kind }, 0);
  events.on('stream', ({ kind, open }) => streams.inc({ kind }, open ? 1 : -1));

  return registry;
}
