import * as z from 'zod';
import { flag, healthcheck, place, text, variable } from './declared.ts';
import { platforms } from './platform.ts';

export type * from './platform.ts';

const workloadCheck = healthcheck.extend({
  /** A failed `readiness` check takes the process out of traffic. A failed `liveness` check restarts it. */
  purpose: z.enum(['liveness', 'readiness', 'startup', 'health']),
});
export type WorkloadCheck = z.infer<typeof workloadCheck>;

/**
 * One process that a deployment description other than compose keeps running: a Kubernetes Deployment, a systemd unit, a Fly
 * app. An absent field was not declared. What the platform does then is for the rows to know.
 */
export const workload = z.strictObject({
  platform: z.enum(platforms),
  /** In the platform's own words: "Deployment", "service", "web". */
  kind: z.string(),
  name: z.string(),
  at: place,
  /** The file of the kustomization that built it. */
  kustomization: z.exactOptional(z.string()),
  /** Which container this is, where the platform runs several in one workload. */
  container: z.exactOptional(z.string()),
  image: z.exactOptional(text),
  /** The Dockerfile of its image, relative to the project's directory. */
  dockerfile: z.exactOptional(z.string()),
  /** The command that the platform starts. */
  command: z.exactOptional(text),
  /** Name or number of the user. */
  user: z.exactOptional(text),
  /** The platform refuses to start it as root (`runAsNonRoot`), or gives it a user of its own (`DynamicUser`). */
  nonRoot: z.exactOptional(flag),
  noNewPrivileges: z.exactOptional(flag),
  capDrop: z.array(z.string()),
  privileged: z.exactOptional(flag),
  restart: z.exactOptional(text),
  healthchecks: z.array(workloadCheck),
  /** Variables with literal values, without references to a secret store. */
  environment: z.array(variable),
  ports: z.array(text),
  memoryLimit: z.exactOptional(text),
  cpuLimit: z.exactOptional(text),
  /** The limit of open files. */
  fileLimit: z.exactOptional(text),
  replicas: z.exactOptional(text),
  /** What keeps a client at one instance: `sessionAffinity: ClientIP`, a cookie annotation. */
  affinity: z.exactOptional(text),
  /** Seconds between the stop signal and SIGKILL, as a number. */
  stopSeconds: z.exactOptional(text),
  /** The stop signal, such as `SIGTERM`. */
  stopSignal: z.exactOptional(text),
  /** Where its log goes, in the platform's words: `awslogs`, `journal`, `file:/var/log/x`. */
  logging: z.exactOptional(text),
});
export type Workload = z.infer<typeof workload>;
