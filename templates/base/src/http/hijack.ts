import type { FastifyReply } from 'fastify';

/** Lets other code write the answer to `reply.raw`, with the headers that hooks have set, which Fastify would drop. */
export function hijack(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
}
