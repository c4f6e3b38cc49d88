import * as z from 'zod';
import type { WireEvidence } from '../wire.ts';
import { credential, exchange, failureReason } from './exchange.ts';
import type { Same } from './same.ts';

const transport = z.enum(['streamable-http', 'sse']);
const era = z.enum(['legacy', 'modern']);

const client = z.strictObject({
  client: z.enum(['sdk-v1', 'sdk-v2']),
  transport,
  era,
  url: z.url(),
  outcome: z.discriminatedUnion('connected', [
    z.strictObject({
      connected: z.literal(true),
      server: z.strictObject({ name: z.string(), version: z.string() }),
      revision: z.string(),
      revisions: z.array(z.string()),
      capabilities: z.array(z.string()),
      tools: z.array(z.strictObject({ name: z.string(), readOnly: z.boolean(), inputSchema: z.unknown() })),
      toolsFailure: z.exactOptional(z.string()),
    }),
    z.strictObject({
      connected: z.literal(false),
      reason: z.enum([...failureReason.options, 'http', 'not-mcp', 'mcp-error']),
      status: z.exactOptional(z.int()),
      message: z.string(),
    }),
  ]),
  exchanges: z.array(z.string()),
});

const reply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result') }),
  z.strictObject({ kind: z.literal('stream') }),
  z.strictObject({ kind: z.literal('accepted') }),
  z.strictObject({ kind: z.literal('error'), code: z.number(), message: z.string() }),
  z.strictObject({ kind: z.literal('other') }),
  z.strictObject({ kind: z.literal('none') }),
]);

const endpoint = z.strictObject({
  url: z.url(),
  transport,
  access: z.array(
    z.strictObject({
      operation: z.enum(['initialize', 'discover', 'list-tools', 'open-stream', 'post-message']),
      era: z.exactOptional(era),
      credential,
      exchange: z.string(),
      reply,
    }),
  ),
  resourceMetadata: z.exactOptional(
    z.strictObject({ url: z.string(), exchange: z.string(), authorizationServers: z.array(z.string()) }),
  ),
});

const asked = z.strictObject({ path: z.string(), exchange: z.string() });

const burst = z.strictObject({
  request: z.string(),
  credential,
  sent: z.int(),
  durationMs: z.number(),
  limited: z
    .strictObject({ exchange: z.string(), after: z.int(), retryAfterSeconds: z.number().nullable() })
    .nullable(),
  failures: z.array(z.string()),
  followUps: z.array(
    z.strictObject({
      kind: z.enum(['second-client', 'forged-address', 'recovered']),
      exchange: z.string(),
      reply,
      waitedMs: z.number(),
    }),
  ),
});

const streams = z.strictObject({
  transport,
  wanted: z.int(),
  opened: z.int(),
  stayed: z.int(),
  exchange: z.string().nullable(),
  refusal: z.string().nullable(),
  refusalExchange: z.string().nullable(),
});

export const wire = z.strictObject({
  url: z.url(),
  loopback: z.boolean(),
  credentialGiven: z.boolean(),
  exchanges: z.array(exchange),
  clients: z.array(client),
  endpoints: z.array(endpoint),
  health: z.strictObject({
    named: z.boolean(),
    paths: z.array(asked),
    control: asked.nullable(),
    polled: z.array(asked),
  }),
  rebinding: z.array(
    z.strictObject({ header: z.enum(['origin', 'host']), value: z.string(), exchange: z.string(), reply }),
  ),
  malformed: z.array(
    z.strictObject({
      kind: z.enum(['broken-json', 'unknown-method', 'unsupported-version', 'oversized-body']),
      exchange: z.string(),
      reply,
    }),
  ),
  metrics: z.array(asked),
  burst: burst.nullable(),
  streams: streams.nullable(),
  toolCalls: z.array(
    z.strictObject({
      kind: z.enum(['good-arguments', 'bad-arguments']),
      tool: z.string(),
      defect: z.exactOptional(
        z.strictObject({ argument: z.string(), how: z.enum(['missing', 'wrong-type']) }),
      ),
      exchange: z.string(),
      outcome: z.enum(['result', 'error-result', 'protocol-error', 'none']),
      text: z.string(),
    }),
  ),
  cacheHints: z.array(
    z.strictObject({
      method: z.string(),
      ttlMs: z.number().nullable(),
      cacheScope: z.string().nullable(),
      exchange: z.string(),
    }),
  ),
  tls: z
    .strictObject({
      protocol: z.string().nullable(),
      authorized: z.boolean(),
      problem: z.string().nullable(),
      validTo: z.string().nullable(),
    })
    .nullable(),
  authorizationServers: z.array(
    z.strictObject({
      issuer: z.string(),
      exchange: z.string().nullable(),
      reason: z.exactOptional(z.string()),
    }),
  ),
  omitted: z.array(z.strictObject({ probe: z.string(), reason: z.string() })),
});

true satisfies Same<z.infer<typeof wire>, WireEvidence>;
