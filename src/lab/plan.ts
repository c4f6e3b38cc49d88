import type { LabTransport } from '../evidence/lab/lab.ts';
import type { AuthorizationPlan } from './world/authorization/authorization-server.ts';

/** What is to be launched and called; from the configuration, with defaults filled in. */
export interface LabPlan {
  transport: LabTransport;
  /** The project's directory. */
  directory: string;
  /** Run once, before the first launch. */
  build?: string;
  /** With placeholders. */
  command: string;
  /** Over HTTP. */
  portEnv: string;
  /** Environment of the server under test, with placeholders. */
  env: Readonly<Record<string, string>>;
  /** Variables that get canaries; undefined: nobody said which hold secrets. */
  secrets?: readonly string[] | undefined;
  /** Further variables that it must not start without; undefined: nobody said. */
  required?: readonly string[];
  /** The secret that is also the client's bearer token. */
  credential?: string;
  /** Whose access tokens the server takes; clients get them made. */
  authorization?: AuthorizationPlan;
  /** What each instance has beside it. */
  services: readonly ServicePlan[];
  /** Path of the Streamable HTTP endpoint. */
  endpoint?: string;
  /** Path of the HTTP+SSE stream (2024-11-05). */
  sse?: string;
  /** Path of the health endpoint. */
  health?: string;
  tool?: { name: string; arguments?: Record<string, unknown> | undefined };
  /** Canned answers: host → "METHOD /path" → file. */
  upstream: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The variable that takes the URL that alerts are sent to. */
  alertEnv?: string;
  /**
   * Environment that makes the rate limit quick to meet and to recover, where it is tried; with placeholders for secrets
   * and for the key of a second client.
   */
  limitsEnv?: Readonly<Record<string, string>>;
  /** Whether the server may be pressed with many requests; default: yes. */
  burst?: boolean;
  /** Milliseconds until a launched server has to listen, or to serve its client over stdio. */
  startTimeoutMs: number;
  /** Milliseconds that are waited for what may never come: the end of a call that hangs, a changed health, an exit. */
  patienceMs: number;
  clientVersion: string;
}

/** Something that the server needs beside it: a database, a cache. */
export interface ServicePlan {
  /** For a person: "redis". */
  name: string;
  /** With `${PORT}` for where it has to listen. */
  start: string;
  /** What the server is told of it; `${PORT}` is the service's. */
  env?: Readonly<Record<string, string>> | undefined;
}
