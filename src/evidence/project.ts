import type { Place } from './declared.ts';
import type { ComposeProject, Dockerfile } from './docker.ts';
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
  /** Parts that were not read to their end: the time was up, or there is more than is read of one project. */
  unfinished?: { part: ProjectPart; because: 'time' | 'size' }[];
}

/** What is read together: what deploys the server, what watches it, literal secrets in all files, and the source. */
export const projectParts = ['deployment', 'observability', 'secrets', 'source'] as const;
export type ProjectPart = (typeof projectParts)[number];

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
  /** What was found: "a literal value", "an AWS access key id". */
  kind: string;
  /** It shows by its form, whatever its name. */
  byForm?: true;
  at: Place;
}
