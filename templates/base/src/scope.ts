import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from './logging/logger.ts';
import { type Trace, traceOf } from './trace-context.ts';

/** A piece of work with a beginning and an end, such as a request, or the tool call in it. */
export interface Scope {
  readonly name: string;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  /** What it is done for. */
  readonly parent: Scope | undefined;
  /** One object for all scopes of a request. */
  readonly trace: Trace;
}

interface Surroundings {
  scope?: Scope | undefined;
  log?: Logger | undefined;
}

const surroundings = new AsyncLocalStorage<Surroundings>();

/** Begins a scope within the current one, or a new trace when there is none: the caller's, if `traceparent` is valid. */
export function beginScope(name: string, traceparent?: unknown): Scope {
  const parent = currentScope();
  return { name, startedAt: performance.now(), parent, trace: parent?.trace ?? traceOf(traceparent) };
}

/** Runs `work` as part of `scope`: events and log lines far below can then be told to belong to it. */
export function inScope<Result>(scope: Scope, work: () => Result): Result {
  return surroundings.run({ scope, log: surroundings.getStore()?.log }, work);
}

/** The same function as a scope of its own, for handlers that the SDK calls with their request's context last. */
export function scoped<Input extends unknown[], Result>(name: string, work: (...input: Input) => Result) {
  return (...input: [...Input, RequestContext]): Result => {
    const context = input.at(-1) as RequestContext;
    return inScope(beginScope(name, context.mcpReq._meta?.traceparent), () =>
      work(...(input.slice(0, -1) as unknown[] as Input)),
    );
  };
}

/** The part of the SDK's context that is used here. */
interface RequestContext {
  mcpReq: { _meta?: Record<string, unknown> | undefined };
}

export function currentScope(): Scope | undefined {
  return surroundings.getStore()?.scope;
}

/** Runs `work` as part of `scope` and with `log` as the current log. */
export function inScopeWithLog<Result>(scope: Scope, log: Logger, work: () => Result): Result {
  return surroundings.run({ scope, log }, work);
}

/** Runs `work` with `log` as the current log, so that lines written far below still carry the request's id. */
export function withLog<Result>(log: Logger, work: () => Result): Result {
  return surroundings.run({ scope: currentScope(), log }, work);
}

/** The log of the request being served, or `fallback` outside of one (stdio, probes). */
export function currentLog(fallback: Logger): Logger {
  return surroundings.getStore()?.log ?? fallback;
}
