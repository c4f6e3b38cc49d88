import type { BurstFollowUp } from '../../evidence/wire.ts';
import type { StandIn } from './http/elsewhere.ts';
import type { NamedValue } from './http/identity.ts';
import type { Resolve } from './http/names.ts';

export type Elapsed = Pick<BurstFollowUp, 'waitedMs' | 'clock'>;

/** What to probe, as whom, and within which bounds. */
export interface WireOptions {
  /** Without user info. */
  url: URL;
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  /** The bearer token of a second client. */
  otherToken?: string;
  /** Secrets of the server itself, by the variable that holds each: no answer may show one, and none is recorded. */
  secrets?: Readonly<Record<string, string>>;
  /** Values that are recorded nowhere, and are no leak where an answer shows one. */
  concealed?: readonly string[];
  /** Headers that the user gave. Those named like credentials go with the given credential only. */
  headers: NamedValue[];
  /** Paths from the configuration. */
  endpoints: { mcp?: string; sse?: string };
  /** The one path to ask for health; without it the usual ones are tried. */
  healthPath?: string;
  /** Paths that the project's own health checks poll; asked besides. */
  polledPaths?: string[];
  /**
   * The one tool that may be called, and with which arguments; without it no tool is called.
   * `readOnly`: the user has not named all of it, so only if the server says that it only reads.
   */
  tool?: { name: string; arguments: Record<string, unknown>; readOnly?: true };
  /** `burst`: nothing but to connect and to send the burst with what follows it. Default: everything. */
  scope?: 'burst';
  /** Whether the server is pressed at the end: many streams, then many requests. Default: true. */
  burst?: boolean;
  /**
   * Lets the milliseconds pass that a refusal asks for, in whatever way, and tells how many did; undefined: they do not.
   * Default: no more than two seconds are waited for.
   */
  elapse?: (milliseconds: number) => Promise<Elapsed | undefined>;
  /** Milliseconds for each request, its whole answer included. */
  timeoutMs: number;
  /** Milliseconds for the whole pass. */
  budgetMs: number;
  /** This tool's version, for `clientInfo` and `User-Agent`. */
  clientVersion: string;
  /** The user's interrupt. */
  signal: AbortSignal;
  /** Finds the addresses of hosts, the target's own as well, each once in the whole pass; default: the system's. */
  resolve?: Resolve;
  /** Stands on this machine for hosts that documents name; nothing of theirs is asked for elsewhere. */
  standIn?: StandIn;
  /** Called with what is done next, for a person. */
  onProgress?: (step: string) => void;
}
