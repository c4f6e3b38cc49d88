import * as z from 'zod';
import type { ComposeProject, Dockerfile } from '../docker.ts';
import { healthcheck, place, text, variable } from './declared.ts';
import type { Same } from './same.ts';

const stage = z.strictObject({
  name: z.exactOptional(z.string()),
  at: place,
  base: text,
  baseStage: z.exactOptional(z.int()),
  user: z.exactOptional(text),
  healthcheck: z.exactOptional(healthcheck),
  variables: z.array(variable.extend({ instruction: z.enum(['ENV', 'ARG']) })),
  exposes: z.array(text),
  command: z.exactOptional(
    z.strictObject({
      instruction: z.enum(['CMD', 'ENTRYPOINT']),
      form: z.enum(['shell', 'exec']),
      words: z.array(z.string()),
      at: place,
    }),
  ),
  startScript: z.exactOptional(
    z.strictObject({
      name: z.string(),
      file: z.exactOptional(z.string()),
      changesUser: z.exactOptional(z.strictObject({ program: z.string(), at: place })),
    }),
  ),
  workdir: z.exactOptional(z.string()),
  runs: z.array(
    z.strictObject({ text: z.string(), at: place, mounts: z.exactOptional(z.array(z.string())) }),
  ),
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

const buildArguments = z.array(z.strictObject({ name: z.string(), value: z.string() }));

export const dockerfile = z.strictObject({
  file: z.string(),
  stages: z.array(stage),
  final: z.int(),
  builds: z.exactOptional(z.array(z.strictObject({ args: buildArguments, stages: z.array(stage) }))),
  broken: z.exactOptional(z.string()),
});

const service = z.strictObject({
  name: z.string(),
  at: place,
  image: z.exactOptional(z.string()),
  build: z.exactOptional(
    z.strictObject({
      context: z.string(),
      dockerfile: z.string(),
      target: z.exactOptional(z.string()),
      args: z.exactOptional(buildArguments),
    }),
  ),
  profiles: z.array(z.string()),
  runsToCompletion: z.exactOptional(z.literal(true)),
  user: z.exactOptional(text),
  restart: z.exactOptional(text),
  deployRestart: z.exactOptional(text),
  healthcheck: z.exactOptional(healthcheck),
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
  command: z.exactOptional(z.string()),
  memoryLimit: z.exactOptional(text),
  cpuLimit: z.exactOptional(text),
  fileLimit: z.exactOptional(text),
  stopSeconds: z.exactOptional(text),
  stopSignal: z.exactOptional(text),
  replicas: z.exactOptional(text),
  capDrop: z.array(z.string()),
  privileged: z.boolean(),
  noNewPrivileges: z.boolean(),
  readOnly: z.boolean(),
});

export const composeProject = z.strictObject({
  files: z.array(z.string()),
  services: z.array(service),
  broken: z.exactOptional(z.string()),
});

true satisfies Same<z.infer<typeof dockerfile>, Dockerfile>;
true satisfies Same<z.infer<typeof composeProject>, ComposeProject>;
