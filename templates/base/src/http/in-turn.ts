import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';

/** Refuses by throwing an HttpError, or by answering and returning the reply. Anything else lets the request pass. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * One hook of Fastify's that asks guards one after the other. As hooks of their own they would have to be async functions,
 * and each of those costs every request some promises, while most guards have nothing to wait for.
 */
export function inTurn(guards: readonly Guard[]) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    try {
      for (const [index, guard] of guards.entries()) {
        const answer = guard(request, reply);
        if (answer instanceof Promise) {
          const rest = guards.slice(index + 1);
          finish(answer, rest, request, reply).then((passed) => passed && done(), done);
          return;
        }
        if (answer === reply) return;
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}

/** The same with waiting, from the first guard that takes its time. Whether the request has passed all of them. */
async function finish(
  first: Promise<unknown>,
  rest: readonly Guard[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  await first;
  if (reply.sent) return false;
  for (const guard of rest) {
    await guard(request, reply);
    if (reply.sent) return false;
  }
  return true;
}
