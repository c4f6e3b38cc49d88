import * as z from 'zod';
import { healthcheck, place, text, variable } from './declared.ts';

const buildArgument = z.strictObject({ name: z.string(), value: z.string() });
export type BuildArgument = z.infer<typeof buildArgument>;

const dockerStage = z.strictObject({
  name: z.exactOptional(z.string()),
  at: place,
  /** FROM: an image, or the name of an earlier stage. ARGs have their defaults. */
  base: text,
  /** The index of that earlier stage. */
  baseStage: z.exactOptional(z.int()),
  /** The last USER of this stage. Absent: the base's user. */
  user: z.exactOptional(text),
  /** The last HEALTHCHECK of this stage. */
  healthcheck: z.exactOptional(healthcheck),
  /** ENV and ARG names with literal values. */
  variables: z.array(variable.extend({ instruction: z.enum(['ENV', 'ARG']) })),
  exposes: z.array(text),
  /** The last ENTRYPOINT, followed by the last CMD where both have the exec form. Without ENTRYPOINT: the last CMD. */
  command: z.exactOptional(
    z.strictObject({
      instruction: z.enum(['CMD', 'ENTRYPOINT']),
      form: z.enum(['shell', 'exec']),
      words: z.array(z.string()),
      at: place,
    }),
  ),
  /** A script that the command runs. Without `file` the project has no such script. */
  startScript: z.exactOptional(
    z.strictObject({
      name: z.string(),
      file: z.exactOptional(z.string()),
      changesUser: z.exactOptional(z.strictObject({ program: z.string(), at: place })),
    }),
  ),
  /** The last WORKDIR as an absolute path, where it is known. */
  workdir: z.exactOptional(z.string()),
  /** `mounts` are the `--mount=type=bind` options as written. */
  runs: z.array(
    z.strictObject({ text: z.string(), at: place, mounts: z.exactOptional(z.array(z.string())) }),
  ),
  /** `into` is the absolute destination, where it is known. */
  copies: z.array(
    z.strictObject({
      from: z.exactOptional(z.string()),
      sources: z.array(z.string()),
      destination: z.string(),
      into: z.exactOptional(z.string()),
      at: place,
    }),
  ),
});
export type DockerStage = z.infer<typeof dockerStage>;

const build = z.strictObject({ args: z.array(buildArgument), stages: z.array(dockerStage) });

export const dockerfile = z.strictObject({
  file: z.string(),
  stages: z.array(dockerStage),
  /** Index of the stage that becomes the image (the last one). -1 when the file has no stage. */
  final: z.int(),
  /** The stages as compose builds them, for each set of arguments that changes the stages. */
  builds: z.exactOptional(z.array(build)),
  /** Why the file could not be read, on one line. */
  broken: z.exactOptional(z.string()),
});
export type Dockerfile = z.infer<typeof dockerfile>;

const composeService = z.strictObject({
  name: z.string(),
  at: place,
  image: z.exactOptional(z.string()),
  /** `dockerfile` is `(inline)` when the compose file holds it. `args` has only known values, without secrets. */
  build: z.exactOptional(
    z.strictObject({
      context: z.string(),
      dockerfile: z.string(),
      target: z.exactOptional(z.string()),
      args: z.exactOptional(z.array(buildArgument)),
    }),
  ),
  profiles: z.array(z.string()),
  /** Another service waits until this one has finished: a migration, not a server. */
  runsToCompletion: z.exactOptional(z.literal(true)),
  user: z.exactOptional(text),
  restart: z.exactOptional(text),
  /** `deploy.restart_policy.condition`. An empty policy has Docker's default `any`. */
  deployRestart: z.exactOptional(text),
  healthcheck: z.exactOptional(healthcheck),
  /** `127.0.0.1:8080:3000` gives the host's address, the published port and the container's port. No `hostIp`: all addresses. */
  ports: z.array(
    z.strictObject({
      published: z.exactOptional(z.string()),
      target: z.string(),
      hostIp: z.exactOptional(z.string()),
    }),
  ),
  logging: z.exactOptional(
    z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()), at: place }),
  ),
  environment: z.array(variable),
  /** On one line. */
  command: z.exactOptional(z.string()),
  memoryLimit: z.exactOptional(text),
  cpuLimit: z.exactOptional(text),
  /** The soft limit of `ulimits.nofile`. */
  fileLimit: z.exactOptional(text),
  /** `stop_grace_period` in seconds, as a number. */
  stopSeconds: z.exactOptional(text),
  stopSignal: z.exactOptional(text),
  /** `deploy.replicas` or `scale`. */
  replicas: z.exactOptional(text),
  capDrop: z.array(z.string()),
  privileged: z.boolean(),
  noNewPrivileges: z.boolean(),
  readOnly: z.boolean(),
});
export type ComposeService = z.infer<typeof composeService>;

/** One compose application: a base file merged with its override. */
export const composeProject = z.strictObject({
  files: z.array(z.string()),
  services: z.array(composeService),
  broken: z.exactOptional(z.string()),
});
export type ComposeProject = z.infer<typeof composeProject>;
