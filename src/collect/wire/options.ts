import type { BurstFollowUp } from '../../evidence/wire.ts';
import type { NamedValue } from './http/identity.ts';
import type { Resolve } from './http/names.ts';
import type { StandIn } from './http/other-origins.ts';

export type Elapsed = Pick<BurstFollowUp, 'waitedMs' | 'clock'>;

/** The target, the credentials, and the bounds of a pass. */
export interface WireOptions {
  /** Without user info. */
  url: URL;
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  /** The bearer token of a second client. */
  otherToken?: string;
  /** The server's own secrets by variable. A response that contains one is a leak. None is recorded. */
  secrets?: Readonly<Record<string, string>>;
  /** Values that are never recorded. A response may contain them. */
  concealed?: readonly string[];
  /** The user's headers. Those with a credential's name go only with the given credential. */
  headers: NamedValue[];
  /** Paths from the configuration. */
  endpoints: { mcp?: string; sse?: string };
  /** The health path. Default: the usual ones. */
  healthPath?: string;
  /** Paths that the project's own health checks poll; they are requested as well. */
  polledPaths?: string[];
  /**
   * The one tool that may be called, and its arguments. Default: none.
   * `readOnly`: the user did not name all of it, so the server must mark the tool as read-only.
   */
  tool?: { name: string; arguments: Record<string, unknown>; readOnly?: true };
  /** `burst`: only the connection, the burst and its follow-ups. Default: everything. */
  scope?: 'burst';
  /** Whether many streams and then many requests end the pass. Default: true. */
  burst?: boolean;
  /**
   * Lets the milliseconds of a `Retry-After` pass, and returns how many passed. Undefined: they did not.
   * Default: waits for at most two seconds.
   */
  elapse?: (milliseconds: number) => Promise<Elapsed | undefined>;
  /** Milliseconds for each request, including its whole response. */
  timeoutMs: number;
  /** Milliseconds for the whole pass. */
  budgetMs: number;
  /** This tool's version, for `clientInfo` and `User-Agent`. */
  clientVersion: string;
  /** The user's interrupt. */
  signal: AbortSignal;
  /** Resolves every host once, including the target. Default: the system's resolver. */
  resolve?: Resolve;
  /** Answers on this machine for other hosts. */
  standIn?: StandIn;
  /** Receives the name of the next step, for a reader. */
  onProgress?: (step: string) => void;
}
