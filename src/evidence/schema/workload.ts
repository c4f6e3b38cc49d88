import * as z from 'zod';
import { platforms, type Workload } from '../workload.ts';
import { flag, healthcheck, place, text, variable } from './declared.ts';
import type { Same } from './same.ts';

export const workload = z.strictObject({
  platform: z.enum(platforms),
  kind: z.string(),
  name: z.string(),
  at: place,
  kustomization: z.exactOptional(z.string()),
  container: z.exactOptional(z.string()),
  image: z.exactOptional(text),
  dockerfile: z.exactOptional(z.string()),
  command: z.exactOptional(text),
  user: z.exactOptional(text),
  nonRoot: z.exactOptional(flag),
  noNewPrivileges: z.exactOptional(flag),
  capDrop: z.array(z.string()),
  privileged: z.exactOptional(flag),
  restart: z.exactOptional(text),
  healthchecks: z.array(
    healthcheck.extend({ purpose: z.enum(['liveness', 'readiness', 'startup', 'health']) }),
  ),
  environment: z.array(variable),
  ports: z.array(text),
  memoryLimit: z.exactOptional(text),
  cpuLimit: z.exactOptional(text),
  fileLimit: z.exactOptional(text),
  replicas: z.exactOptional(text),
  affinity: z.exactOptional(text),
  stopSeconds: z.exactOptional(text),
  stopSignal: z.exactOptional(text),
  logging: z.exactOptional(text),
});

true satisfies Same<z.infer<typeof workload>, Workload>;
