import * as z from 'zod';
import { type ProjectEvidence, projectParts } from '../project.ts';
import { place } from './declared.ts';
import { composeProject, dockerfile } from './docker.ts';
import type { Same } from './same.ts';
import { observability, source } from './source.ts';
import { workload } from './workload.ts';

export const project = z.strictObject({
  directory: z.string(),
  dockerfiles: z.array(dockerfile),
  compose: z.array(composeProject),
  workloads: z.array(workload),
  observability,
  source,
  ignores: z.strictObject({
    gitIgnoresEnv: z.boolean().nullable(),
    dockerIgnores: z.array(z.strictObject({ file: z.string(), ignoresEnv: z.boolean() })),
    belowRepository: z.boolean(),
  }),
  envFiles: z.array(z.string()),
  envFilesWithSecrets: z.array(z.string()),
  lockfiles: z.array(z.string()),
  literalSecrets: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      byForm: z.exactOptional(z.literal(true)),
      at: place,
    }),
  ),
  unread: z.array(z.strictObject({ file: z.string(), kind: z.string() })),
  unfinished: z.exactOptional(
    z.array(z.strictObject({ part: z.enum(projectParts), because: z.enum(['time', 'size']) })),
  ),
});

true satisfies Same<z.infer<typeof project>, ProjectEvidence>;
