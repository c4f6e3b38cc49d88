import * as z from 'zod';

/** Which credential a request carried: `wrong` is made up, `given` is the user's, `other` is a second one from the lab. */
export const credential = z.enum(['none', 'wrong', 'given', 'other']);
export type Credential = z.infer<typeof credential>;

/**
 * - `refused`, `unreachable`, `unknown-host`, `reset`, `timeout`: the network reported it, or nothing came in time
 * - `tls`: the handshake or the certificate failed
 * - `protocol`: the response is not HTTP
 * - `budget`: the audit's time ran out before the request was sent or answered
 * - `blocked`: the audit did not send it, because it leads to another origin
 */
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
export type FailureReason = z.infer<typeof failureReason>;

const headers = z.record(z.string(), z.string());

const sentRequest = z.strictObject({
  method: z.string(),
  url: z.url(),
  /** Lower-case names. Values of credentials are masked. */
  headers,
  /** The beginning of the body. */
  body: z.exactOptional(z.string()),
  credential,
});
export type SentRequest = z.infer<typeof sentRequest>;

/** The server sent at least a status and headers. */
const answer = z.strictObject({
  kind: z.literal('answer'),
  status: z.int(),
  /** Lower-case names. Repeated headers are joined by ", ". */
  headers,
  /** The beginning of the body, decoded as UTF-8 and masked. U+FFFD replaces control characters. */
  body: z.string(),
  /** Bytes read, after content decoding. */
  bodyBytes: z.number(),
  /** `cut`: the audit's limit of size or time. `open`: a stream that the audit left. `broken`: the connection ended early. */
  bodyEnd: z.enum(['complete', 'cut', 'open', 'broken']),
});
export type Answer = z.infer<typeof answer>;

/** No response came. That alone says nothing else about the server. */
const failure = z.strictObject({
  kind: z.literal('failure'),
  reason: failureReason,
  /** The message of the system or the library, masked and on one line. */
  message: z.string(),
});
export type Failure = z.infer<typeof failure>;

/** One request and its outcome. Secrets are masked before: those that the user gave, and those that their form shows. */
export const exchange = z.strictObject({
  /** Unique within one run and stable in saved evidence: `x1`, `x2`, ... in the order of sending. */
  id: z.string(),
  /** What the request tests, for a reader: "tools/list without credentials". */
  purpose: z.string(),
  request: sentRequest,
  outcome: z.discriminatedUnion('kind', [answer, failure]),
  /** Milliseconds from sending to the end of the response, or to the failure. */
  durationMs: z.number(),
  /** The response contains the credential that was sent. This was judged before masking. */
  echoesCredential: z.boolean(),
  /**
   * Kinds of other secrets in the beginning of the body, for a reader: "an AWS access key id". This was judged before
   * masking. Scripts and markup of a page do not count.
   */
  exposes: z.array(z.string()),
});
export type Exchange = z.infer<typeof exchange>;
