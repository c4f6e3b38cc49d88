import { randomUUID } from 'node:crypto';

/** The caller's span, from the W3C Trace Context header. */
export interface RemoteSpan {
  spanId: string;
  sampled: boolean;
}

/** What one request has in common with everything done for it, in this process and in others. */
export interface Trace {
  /** 32 hexadecimal digits. */
  id: string;
  /** The caller's span. Undefined: the trace begins here. */
  caller?: RemoteSpan;
}

// https://www.w3.org/TR/trace-context/#traceparent-header-field-values. Later versions may add fields at the end.
const format = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** A new trace, or the caller's when it sent a valid `traceparent`. Anything else is ignored, as the standard demands. */
export function traceOf(traceparent: unknown): Trace {
  const trace: Trace = { id: randomUUID().replaceAll('-', '') };
  joinTrace(trace, traceparent);
  return trace;
}

/** Makes `trace` a part of the caller's, if `traceparent` is valid and nobody else was the caller before. */
export function joinTrace(trace: Trace, traceparent: unknown): void {
  if (trace.caller !== undefined || typeof traceparent !== 'string' || traceparent.length > 256) return;
  const [, version, id, spanId, flags, rest] = format.exec(traceparent) ?? [];
  if (id === undefined || spanId === undefined || (version === '00' && rest !== undefined)) return;
  trace.id = id;
  trace.caller = { spanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

/** What a 2026-07-28 client sends in the message itself, over any transport (basic/index, `_meta`). */
export function traceparentIn(message: unknown): unknown {
  const { params } = (message ?? {}) as { params?: { _meta?: { traceparent?: unknown } | null } | null };
  return params?._meta?.traceparent;
}
