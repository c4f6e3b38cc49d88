import * as z from 'zod';
import { place } from './declared.ts';
import { composeProject, dockerfile } from './docker.ts';
import { observabilityFacts } from './observability.ts';
import { projectParts } from './project-part.ts';
import { sourceFacts } from './source.ts';
import { workload } from './workload.ts';

export type * from './project-part.ts';

/** How ignore files treat a `.env`. */
const ignoreFacts = z.strictObject({
  /** Whether the `.gitignore` at the project's root keeps it out. Null: there is none, or it has unreadable patterns. */
  gitIgnoresEnv: z.boolean().nullable(),
  /** Each `.dockerignore` and `<Dockerfile>.dockerignore`: whether it keeps out a `.env` at the root of a build context. */
  dockerIgnores: z.array(z.strictObject({ file: z.string(), ignoresEnv: z.boolean() })),
  /** The project is a folder of a repository. The `.gitignore` of that repository was not read and may decide. */
  belowRepository: z.boolean(),
});
export type IgnoreFacts = z.infer<typeof ignoreFacts>;

const literalSecret = z.strictObject({
  /** The name that has the value: `OPENWEATHER_API_KEY`. */
  name: z.string(),
  /** Why it counts as a secret: "a literal value", "an AWS access key id". */
  kind: z.string(),
  /** The form of the value shows a secret, under any name. */
  byForm: z.exactOptional(z.literal(true)),
  at: place,
});
export type LiteralSecret = z.infer<typeof literalSecret>;

/** What a project's files declare. Nothing was run. All paths are relative to the directory. */
export const projectEvidence = z.strictObject({
  /** The directory, as the user named it. */
  directory: z.string(),
  dockerfiles: z.array(dockerfile),
  compose: z.array(composeProject),
  /** What other deployment descriptions keep running. */
  workloads: z.array(workload),
  observability: observabilityFacts,
  source: sourceFacts,
  ignores: ignoreFacts,
  /** `.env` files that hold values. The values are never recorded. */
  envFiles: z.array(z.string()),
  /** Those `.env` files that hold a secret, by its name or by its form. */
  envFilesWithSecrets: z.array(z.string()),
  /** Lockfiles of package managers. */
  lockfiles: z.array(z.string()),
  /** Literal secrets in files that a repository or an image would carry. */
  literalSecrets: z.array(literalSecret),
  /** Deployment descriptions that were found but not read, by kind: "Kubernetes manifest", "systemd unit". */
  unread: z.array(z.strictObject({ file: z.string(), kind: z.string() })),
  /** Parts that were not read to their end: the budget ran out, or the project exceeds the limits. */
  unfinished: z.exactOptional(
    z.array(z.strictObject({ part: z.enum(projectParts), because: z.enum(['time', 'size']) })),
  ),
});
export type ProjectEvidence = z.infer<typeof projectEvidence>;
