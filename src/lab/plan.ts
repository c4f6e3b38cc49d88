import type { LabTransport } from '../evidence/lab/lab.ts';
import type { AuthorizationPlan } from './world/authorization/authorization-server.ts';

/** What the lab launches and calls: the configuration, with defaults. */
export interface LabPlan {
  transport: LabTransport;
  /** The project's directory. */
  directory: string;
  /** Runs once, before the first launch. */
  build?: string | undefined;
  /** With placeholders. */
  command: string;
  /** Over HTTP. */
  portEnv: string;
  /** Environment of the server under test, with placeholders. */
  env: Readonly<Record<string, string>>;
  /** Variables that get canaries. Undefined: the configuration does not say which hold secrets. */
  secrets?: readonly string[] | undefined;
  /** Further variables that the server must not start without. */
  required?: readonly string[] | undefined;
  /** The secret that clients send as their bearer token. */
  credential?: string | undefined;
  /** The issuer whose access tokens the server accepts. The lab makes them. */
  authorization?: AuthorizationPlan | undefined;
  /** Each instance gets its own. */
  services: readonly ServicePlan[];
  /** Path of the Streamable HTTP endpoint. */
  endpoint?: string | undefined;
  /** Path of the HTTP+SSE stream (2024-11-05). */
  sse?: string | undefined;
  /** Path of the health endpoint. */
  health?: string | undefined;
  tool?: { name: string; arguments?: Record<string, unknown> | undefined } | undefined;
  /** Canned answers: host → "METHOD /path" → file. */
  upstream: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The variable for the URL that receives alerts. */
  alertEnv?: string | undefined;
  /** Settings for a rate limit that is quick to reach and to recover, with placeholders for secrets and a second client's key. */
  limitsEnv?: Readonly<Record<string, string>> | undefined;
  /** The lab may send bursts of requests. Default: true. */
  burst?: boolean;
  /** Milliseconds until a launched server has to listen, or to serve its client over stdio. */
  startTimeoutMs: number;
  /** Milliseconds to wait for what may never happen: the end of a hanging call, a change of health, an exit. */
  patienceMs: number;
  clientVersion: string;
}

/** A service that the server needs: a database, a cache. */
export interface ServicePlan {
  /** For a person: "redis". */
  name: string;
  /** With `${PORT}` for its port. */
  start: string;
  /** For the server. `${PORT}` is the port of the service. */
  env?: Readonly<Record<string, string>> | undefined;
}
