import * as z from 'zod';
import { callRecord, listRecord } from './client.ts';
import { atMs, launchFacts } from './launch.ts';

/** One connection that a client made to the balancer; it holds one request. */
export const balancedRequest = z.strictObject({
  atMs,
  /** Which of the instances got it: 0 or 1. */
  instance: z.int().nonnegative(),
  method: z.string(),
  /** Null: no response came. */
  status: z.int().nullable(),
});
export type BalancedRequest = z.infer<typeof balancedRequest>;

/** What one client got. */
export const balancedClient = z.strictObject({
  /** The instances behind the load balancer, in the order of their turns. */
  instances: z.array(z.int().nonnegative()),
  /** Why the client did not connect; null if it did. */
  failure: z.string().nullable(),
  calls: z.array(callRecord),
  lists: z.array(listRecord),
  requests: z.array(balancedRequest),
});
export type BalancedClient = z.infer<typeof balancedClient>;

/** Two instances with the same secrets behind a TCP balancer that gives each connection to the next of them. */
export const roundRobinHistory = z.strictObject({
  /** Of the first instance, whose clock this is. */
  launch: launchFacts,
  second: launchFacts,
  /** The first instance behind the same balancer, by itself. */
  alone: balancedClient,
  /** Clients of both, each beginning with another one. */
  clients: z.array(balancedClient),
  /** Of all of them. */
  calls: z.array(callRecord),
});
export type RoundRobinHistory = z.infer<typeof roundRobinHistory>;
