import * as z from 'zod';
import type { Exchange } from '../exchange.ts';
import type { Same } from './same.ts';

export const credential = z.enum(['none', 'wrong', 'given', 'other']);

export const failureReason = z.enum([
  'refused',
  'unreachable',
  'unknown-host',
  'reset',
  'timeout',
  'tls',
  'protocol',
  'budget',
  'blocked',
]);

const headers = z.record(z.string(), z.string());

const outcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int(),
    headers,
    body: z.string(),
    bodyBytes: z.number(),
    bodyEnd: z.enum(['complete', 'cut', 'open', 'broken']),
  }),
  z.strictObject({ kind: z.literal('failure'), reason: failureReason, message: z.string() }),
]);

export const exchange = z.strictObject({
  id: z.string(),
  purpose: z.string(),
  request: z.strictObject({
    method: z.string(),
    url: z.url(),
    headers,
    body: z.exactOptional(z.string()),
    credential,
  }),
  outcome,
  durationMs: z.number(),
  echoesCredential: z.boolean(),
  exposes: z.array(z.string()),
});

true satisfies Same<z.infer<typeof exchange>, Exchange>;
