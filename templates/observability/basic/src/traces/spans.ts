import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace';
import type { CallOutcome, Events } from '../events.ts';
import { currentScope, type Scope } from '../scope.ts';

/** Gives a span that begins a trace the id that the log lines of its request have. */
export class SpanIds implements IdGenerator {
  next: string | undefined;

  generateTraceId(): string {
    return this.next ?? randomBytes(16).toString('hex');
  }

  generateSpanId(): string {
    return randomBytes(8).toString('hex');
  }
}

/**
 * Makes spans of events: requests, the tool calls and reads in them, and the requests to the weather service that those led
 * to. Names and attributes follow the semantic conventions for HTTP and MCP
 * (https://opentelemetry.io/docs/specs/semconv/http/, https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/). There are no
 * arguments, queries or credentials in them.
 */
export function recordSpans(events: Events, tracer: Tracer, ids: SpanIds): void {
  const spans = new WeakMap<Scope, Span>();

  /** The span of a scope. It begins when it is first needed, dated back: only events tell which work is worth one. */
  const spanOf = (scope: Scope): Span => {
    const known = spans.get(scope);
    if (known !== undefined) return known;
    ids.next = scope.trace.id;
    const options = { kind: SpanKind.SERVER, startTime: timeAt(scope.startedAt) };
    const span = tracer.startSpan(scope.name, options, parentOf(scope));
    ids.next = undefined;
    spans.set(scope, span);
    return span;
  };

  const parentOf = ({ parent, trace: { id, caller } }: Scope) => {
    if (parent !== undefined) return trace.setSpan(ROOT_CONTEXT, spanOf(parent));
    if (caller === undefined) return ROOT_CONTEXT;
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId: id,
      spanId: caller.spanId,
      traceFlags: caller.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: true,
    });
  };

  const step = (scope: Scope, name: string, kind: SpanKind, durationMs: number): Span =>
    tracer.startSpan(
      name,
      { kind, startTime: timeAt(performance.now() - durationMs) },
      trace.setSpan(ROOT_CONTEXT, spanOf(scope)),
    );

  events.on('request', ({ method, route, status, quiet, abandoned, stream }) => {
    const scope = currentScope();
    // Probes are recorded when they fail, or when they led to something that was.
    if (scope === undefined || (quiet && status < 500 && !spans.has(scope))) return;
    const left = abandoned && !stream;
    end(spanOf(scope), left ? 'abandoned' : status >= 500 ? String(status) : undefined, {
      'http.request.method': method,
      'http.route': route,
      ...(!left && { 'http.response.status_code': status }),
    });
  });

  events.on('toolCall', ({ tool, outcome, durationMs }) => {
    const scope = currentScope();
    if (scope === undefined) return;
    const name = `tools/call ${tool}`;
    // Refused arguments end a call before its own scope begins.
    const span = scope.name === name ? spanOf(scope) : step(scope, name, SpanKind.SERVER, durationMs);
    end(span, errorTypeOf(outcome), {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'mcp.tool.outcome': outcome,
    });
  });

  events.on('resourceRead', ({ resource, outcome, durationMs }) => {
    const scope = currentScope();
    if (scope === undefined) return;
    const name = 'resources/read';
    const span = scope.name === name ? spanOf(scope) : step(scope, name, SpanKind.SERVER, durationMs);
    end(span, outcome === 'ok' ? undefined : outcome, {
      'mcp.method.name': name,
      'mcp.resource.name': resource,
    });
  });

  events.on('upstreamCall', ({ operation, outcome, durationMs, status, code }) => {
    const scope = currentScope();
    if (scope === undefined) return;
    const { host, path } = placeOf(operation);
    const error =
      outcome === 'ok' || outcome === 'not-found' ? undefined : (code ?? String(status ?? outcome));
    end(step(scope, `GET ${path}`, SpanKind.CLIENT, durationMs), error, {
      'http.request.method': 'GET',
      'server.address': host,
      'url.template': path,
      ...(status !== undefined && { 'http.response.status_code': status }),
    });
  });

  events.on('cacheRead', ({ result }) => {
    const scope = currentScope();
    if (scope !== undefined) spanOf(scope).setAttribute('cache.result', result);
  });
}

function end(span: Span, errorType: string | undefined, attributes: Attributes): void {
  span.setAttributes(attributes);
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The convention's word for a result with `isError`; what it was about is in the outcome. */
function errorTypeOf(outcome: CallOutcome): string | undefined {
  return outcome === 'ok' ? undefined : 'tool_error';
}

/** "host/path" */
function placeOf(operation: string): { host: string; path: string } {
  const slash = operation.indexOf('/');
  return slash < 0
    ? { host: operation, path: '/' }
    : { host: operation.slice(0, slash), path: operation.slice(slash) };
}

/** The wall clock's time, in ms, of a moment on the clock of `performance.now()`. */
function timeAt(moment: number): number {
  return performance.timeOrigin + moment;
}
