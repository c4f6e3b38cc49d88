import type { ObservabilityFacts } from './observability.ts';
import type { SourceFacts } from './source.ts';
import type { Workload } from './workload.ts';

/** What a project's files declare. Values are as written; nothing was run. */
export interface ProjectEvidence {
  /** The directory, as the user named it. */
  directory: string;
  dockerfiles: Dockerfile[];
  compose: ComposeProject[];
  /** What other deployment descriptions keep running. */
  workloads: Workload[];
  observability: ObservabilityFacts;
  source: SourceFacts;
  ignores: IgnoreFacts;
  /** `.env` files that hold values, relative to the directory. The values are never recorded. */
  envFiles: string[];
  /** Those of them that hold a value under the name of a secret, or one that shows to be one by its form. */
  envFilesWithSecrets: string[];
  /** Lockfiles of package managers, relative to the directory. */
  lockfiles: string[];
  /** Literal secrets in files that a repository or an image would carry. */
  literalSecrets: LiteralSecret[];
  /** Deployment descriptions that were found and not read, by kind: "Kubernetes manifest", "systemd unit". */
  unread: { file: string; kind: string }[];
}

/** Where something stands. */
export interface Place {
  /** Relative to the project's directory. */
  file: string;
  /** From 1. */
  line: number;
}

/** A value as it can be read from a file: known, or written with something that only the build or the platform knows. */
export type Declared<T> =
  | { known: true; value: T; at: Place }
  | { known: false; text: string; why: string; at: Place };

export interface Dockerfile {
  file: string;
  stages: DockerStage[];
  /** Index of the stage that becomes the image (the last one). -1 when the file has no stage. */
  final: number;
  /** The stages as compose builds them, for each set of arguments that makes other stages of the file. */
  builds?: { args: BuildArgument[]; stages: DockerStage[] }[];
  /** Why the file could not be read, in one line. */
  broken?: string;
}

export interface BuildArgument {
  name: string;
  value: string;
}

export interface DockerStage {
  name?: string;
  at: Place;
  /** FROM: an image, or an earlier stage by its index. ARGs are resolved by their defaults. */
  base: Declared<string>;
  baseStage?: number;
  /** The last USER of this stage; undefined means that it is the base's. */
  user?: Declared<string>;
  /** The last HEALTHCHECK of this stage. */
  healthcheck?: Healthcheck;
  /** ENV and ARG names with literal values. */
  variables: { name: string; value: Declared<string>; instruction: 'ENV' | 'ARG' }[];
  exposes: Declared<string>[];
  /**
   * What the container runs: the last ENTRYPOINT, with the words of the last CMD behind its own when both have the exec
   * form; without an ENTRYPOINT the last CMD.
   */
  command?: { instruction: 'CMD' | 'ENTRYPOINT'; form: 'shell' | 'exec'; words: string[]; at: Place };
  /** A script that the command runs; without `file` it was not found in the project. */
  startScript?: { name: string; file?: string; changesUser?: { program: string; at: Place } };
  /** The last WORKDIR as an absolute path, where it is known. */
  workdir?: string;
  /** `mounts` are its `--mount=type=bind` options as written. */
  runs: { text: string; at: Place; mounts?: string[] }[];
  /** `into` is the absolute destination, where it is known. */
  copies: { from?: string; sources: string[]; destination: string; into?: string; at: Place }[];
}

/** A container health check, in a Dockerfile or in compose. */
export interface Healthcheck {
  /** `none` switches off what the image brings. */
  kind: 'command' | 'none';
  /** The command as one line. */
  command: string;
  /** URLs that the command names, such as `http://127.0.0.1:3000/health`. */
  urls: string[];
  /** Seconds between checks when declared. */
  intervalSeconds?: number;
  at: Place;
}

/** One compose application: a base file with its override, merged. */
export interface ComposeProject {
  files: string[];
  services: ComposeService[];
  broken?: string;
}

export interface ComposeService {
  name: string;
  at: Place;
  image?: string;
  /**
   * Paths relative to the project's directory; the Dockerfile is `(inline)` when the compose file holds it. Arguments are
   * those whose values are known and no secrets.
   */
  build?: { context: string; dockerfile: string; target?: string; args?: BuildArgument[] };
  profiles: string[];
  /** Another service waits for its successful end: a migration, not a server. */
  runsToCompletion?: true;
  user?: Declared<string>;
  restart?: Declared<string>;
  /** `deploy.restart_policy.condition`; an empty policy has Docker's default `any`. */
  deployRestart?: Declared<string>;
  healthcheck?: Healthcheck;
  /** Container ports as declared, `8080:3000` gives `3000`. */
  ports: {
    published?: string;
    target: string;
    /** The host's address that it is published on, `127.0.0.1`; undefined means all. */
    hostIp?: string;
  }[];
  logging?: { driver: string; options: Record<string, string>; at: Place };
  environment: { name: string; value: Declared<string> }[];
  /** As one line. */
  command?: string;
  memoryLimit?: Declared<string>;
  cpuLimit?: Declared<string>;
  /** The soft limit of `ulimits.nofile`. */
  fileLimit?: Declared<string>;
  /** Seconds of `stop_grace_period`, as a number. */
  stopSeconds?: Declared<string>;
  stopSignal?: Declared<string>;
  /** `deploy.replicas` or `scale`. */
  replicas?: Declared<string>;
  capDrop: string[];
  privileged: boolean;
  noNewPrivileges: boolean;
  readOnly: boolean;
}

/** What ignore files say of a `.env`. */
export interface IgnoreFacts {
  /** The `.gitignore` at the project's root; `null`: there is none, or its patterns cannot be understood. */
  gitIgnoresEnv: boolean | null;
  /** Each `.dockerignore` and `<Dockerfile>.dockerignore`, and whether it keeps out a `.env` at the root of a build context. */
  dockerIgnores: { file: string; ignoresEnv: boolean }[];
  /** The project is a folder within a repository, whose own .gitignore was not read and may decide. */
  belowRepository: boolean;
}

export interface LiteralSecret {
  /** The name it is given: `OPENWEATHER_API_KEY`. */
  name: string;
  /** What shows that it is one: "a literal value for a name that holds a secret", "an AWS access key id". */
  kind: string;
  /** It shows by its form, whatever its name. */
  byForm?: true;
  at: Place;
}
