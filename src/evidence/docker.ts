import type { Declared, Healthcheck, Place } from './declared.ts';

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
