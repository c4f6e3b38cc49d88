import * as z from 'zod';
import type { WireEvidence } from '../wire.ts';
import { credential, exchange, failureReason } from './exchange.ts';
import type { Same } from './same.ts';

const webUrl = z.url({ protocol: /^https?$/ });
const transport = z.enum(['streamable-http', 'sse']);
const era = z.enum(['legacy', 'modern']);

const client = z.strictObject({
  client: z.enum(['sdk-v1', 'sdk-v2']),
  transport,
  era,
  url: webUrl,
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
  url: webUrl,
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
  served: z.int(),
  durationMs: z.number(),
  first: z.string(),
  limited: z
    .strictObject({
      exchange: z.string(),
      reply,
      after: z.int(),
      afterAll: z.int(),
      retryAfterSeconds: z.number().nullable(),
    })
    .nullable(),
  failures: z.array(z.string()),
  followUps: z.array(
    z.strictObject({
      kind: z.enum(['second-client', 'first-client', 'forged-address', 'unforged', 'recovered']),
      exchange: z.string(),
      reply,
      header: z.exactOptional(z.enum(['x-forwarded-for', 'x-real-ip', 'forwarded'])),
      from: z.exactOptional(z.string()),
      waitedMs: z.number(),
      clock: z.exactOptional(z.literal('simulated')),
    }),
  ),
});

const arraySteps = z.array(
  z.strictObject({
    exchange: z.string(),
    length: z.int().nullable(),
    results: z.int(),
    limited: z.int(),
    reply,
  }),
);

const arrays = z.strictObject({
  request: z.string(),
  revision: z.string(),
  before: z.string().nullable(),
  few: arraySteps,
  many: arraySteps.nullable(),
});

const answered = z.strictObject({ exchange: z.string(), reply });

const streams = z.strictObject({
  request: z.string(),
  wanted: z.int(),
  opened: z.int(),
  stayed: z.int(),
  first: z.string().nullable(),
  call: answered.nullable(),
  callAfterwards: answered.nullable(),
  refused: z.string().nullable(),
});

const metrics = z.strictObject({
  path: z.string(),
  exchange: z.string(),
  families: z
    .array(z.strictObject({ name: z.string(), type: z.string(), labels: z.array(z.string()) }))
    .nullable(),
});

export const wire = z.strictObject({
  url: webUrl,
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
  metrics: z.array(metrics),
  burst: burst.nullable(),
  arrays: z.exactOptional(arrays.nullable()),
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
