/**
 * One request that was sent and what came of it. Secrets are masked before an exchange is recorded: those that the user
 * gave, and what shows by its form to be one.
 */
export interface Exchange {
  /** Unique within one run and stable in saved evidence: `x1`, `x2`, ... in the order of sending. */
  id: string;
  /** What the request was meant to show, for a person: "tools/list without credentials". */
  purpose: string;
  request: SentRequest;
  outcome: Outcome;
  /** Milliseconds from sending to the end of the answer, or to the failure. */
  durationMs: number;
  /** The credential that was sent came back in the answer (judged before it was masked). */
  echoesCredential: boolean;
  /**
   * The kinds of other secrets that the beginning of the body shows, by their form, for a person: "an AWS access key id"
   * (judged before they were masked). Scripts and markup of a page show nothing.
   */
  exposes: string[];
}

export interface SentRequest {
  method: string;
  url: string;
  /** Lower-case names. Values of credentials are masked. */
  headers: Record<string, string>;
  /** The beginning of it. */
  body?: string;
  /**
   * Which credential went with it: none at all, one that no server can know, the one the user gave, or that of another
   * client, whom the lab made.
   */
  credential: Credential;
}

export type Credential = 'none' | 'wrong' | 'given' | 'other';

export type Outcome = Answer | Failure;

/** The server answered, at least with status and headers. */
export interface Answer {
  kind: 'answer';
  status: number;
  /** Lower-case names; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** The beginning of the body, decoded as UTF-8 and masked; control characters are replaced by U+FFFD. */
  body: string;
  /** Bytes read, after content decoding. */
  bodyBytes: number;
  /** How the body ended: `complete`; `cut` at our limit of size or time; `open` (a stream that we left); `broken` off. */
  bodyEnd: 'complete' | 'cut' | 'open' | 'broken';
}

/** No answer came. Nothing can be concluded about the server from this but that. */
export interface Failure {
  kind: 'failure';
  reason: FailureReason;
  /** What the system or the library said, masked and on one line. */
  message: string;
}

/**
 * - `refused`, `unreachable`, `unknown-host`, `reset`, `timeout`: the network said so, or nothing did
 * - `tls`: the handshake or the certificate
 * - `protocol`: what came was no HTTP
 * - `budget`: the audit ran out of time before it was sent or answered
 * - `blocked`: we did not send it, because it would have left the target's origin
 */
export type FailureReason =
  | 'refused'
  | 'unreachable'
  | 'unknown-host'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'protocol'
  | 'budget'
  | 'blocked';
