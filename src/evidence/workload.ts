import type { Declared, Healthcheck, Place } from './declared.ts';

/**
 * One process that a deployment description other than compose keeps running: a Kubernetes Deployment, a systemd unit, a Fly
 * app. Platforms say the same things in different words; what a platform does when nothing is said is for the rows to know.
 */
export interface Workload {
  platform: Platform;
  /** In the platform's own words: "Deployment", "service", "web". */
  kind: string;
  name: string;
  at: Place;
  /** The kustomization that it was built by, where one was. */
  kustomization?: string;
  /** The container that is described, where the platform has several in one workload. */
  container?: string;
  image?: Declared<string>;
  /** What its image is built from, relative to the project's directory. */
  dockerfile?: string;
  /** The command as the platform starts it. */
  command?: Declared<string>;
  /** Name or number of the user. */
  user?: Declared<string>;
  /** The platform refuses to start it as root (`runAsNonRoot`), or gives it a user of its own (`DynamicUser`). */
  nonRoot?: Declared<boolean>;
  noNewPrivileges?: Declared<boolean>;
  capDrop: string[];
  privileged?: Declared<boolean>;
  restart?: Declared<string>;
  healthchecks: WorkloadCheck[];
  /** Names with literal values; references to a secret store are not among them. */
  environment: { name: string; value: Declared<string> }[];
  ports: Declared<string>[];
  memoryLimit?: Declared<string>;
  cpuLimit?: Declared<string>;
  /** The limit of open files. */
  fileLimit?: Declared<string>;
  replicas?: Declared<string>;
  /** What keeps a client at one instance: `sessionAffinity: ClientIP`, a cookie annotation. */
  affinity?: Declared<string>;
  /** Seconds between the signal to stop and SIGKILL, as a number. */
  stopSeconds?: Declared<string>;
  /** What it is told to stop with, where that is said: `SIGTERM`. */
  stopSignal?: Declared<string>;
  /** Where its log goes, in the platform's words: `awslogs`, `journal`, `file:/var/log/x`. */
  logging?: Declared<string>;
}

export const platforms = ['kubernetes', 'systemd', 'fly', 'render', 'procfile', 'ecs', 'pm2'] as const;
export type Platform = (typeof platforms)[number];

export interface WorkloadCheck extends Healthcheck {
  /** `readiness` takes it out of traffic, `liveness` restarts it. */
  purpose: 'liveness' | 'readiness' | 'startup' | 'health';
}
