import { access, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreFacts, ProjectEvidence } from '../../evidence/project.ts';
import { isComposeFile, readComposeProjects } from './compose/projects.ts';
import { readBuilds } from './dockerfile/builds.ts';
import { findStartScripts } from './dockerfile/start-script.ts';
import { dockerIgnores, gitIgnores } from './files/ignore-files.ts';
import { isLockfile } from './files/lockfiles.ts';
import { ProjectFiles } from './files/project-files.ts';
import { reasonOf } from './files/text.ts';
import { walkProject } from './files/walk.ts';
import { readObservability } from './observability/observability.ts';
import { readWorkloads } from './platforms/workloads.ts';
import { holdsSecrets, holdsValues, isEnvFile } from './secrets/env-files.ts';
import { noSecrets } from './secrets/literal-secrets.ts';
import { maskEvidence } from './secrets/mask-evidence.ts';
import { scanForSecrets } from './secrets/scan.ts';
import { nothingParsed, readSource } from './source/source.ts';

export interface ProjectOptions {
  /** As the user named it. */
  directory: string;
  /** The same directory as an absolute path. */
  root: string;
  /** Ends the collection early; what was read by then is given back. */
  signal: AbortSignal;
}

const dockerfileLimit = 50;

/**
 * Reads what the files of a project declare. Nothing is executed, nothing outside the root is read, and nothing that a
 * file holds makes it throw: what cannot be read is `broken` in the evidence or a notice.
 */
export async function collectProject(
  options: ProjectOptions,
): Promise<{ evidence: ProjectEvidence; notices: string[] }> {
  const evidence: ProjectEvidence = {
    directory: options.directory,
    dockerfiles: [],
    compose: [],
    workloads: [],
    observability: { logCollectors: [], alertRules: [], alertReceivers: [] },
    source: nothingParsed(),
    ignores: { gitIgnoresEnv: null, dockerIgnores: [], belowRepository: false },
    envFiles: [],
    envFilesWithSecrets: [],
    lockfiles: [],
    literalSecrets: [],
    unread: [],
  };
  try {
    const root = await realpath(options.root);
    const walk = await walkProject(root, options.signal);
    const files = new ProjectFiles(root, options.signal);
    const secrets = noSecrets();

    const compose = await readComposeProjects(
      walk.files,
      (file) => files.read(file),
      secrets,
      () => files.ended,
    );
    evidence.compose = compose.projects;
    await readDockerfiles(walk.files, files, evidence, secrets);
    await findStartScripts(evidence.dockerfiles, walk.files, (file) => files.read(file));
    evidence.ignores = {
      ...(await readIgnores(walk.files, files)),
      belowRepository: await isBelowRepository(root),
    };
    Object.assign(evidence, await readEnvFiles(walk.files, files));
    evidence.lockfiles = walk.files.filter(isLockfile);
    const others = walk.files.filter((file) => !isComposeFile(file));
    Object.assign(evidence, await readWorkloads(others, files, secrets));
    evidence.observability = await readObservability(walk.files, files);
    // Last, because there is most of it to read.
    await scanForSecrets(walk.files, files, secrets);
    evidence.source = await readSource(walk.files, files, secrets);
    evidence.literalSecrets = secrets.found;

    const notices = [...walk.notices, ...compose.notices, ...files.notices()];
    if (options.signal.aborted) notices.push('The project was not read to its end, because the time was up.');
    return maskEvidence({ evidence, notices }, secrets.values);
  } catch (error) {
    return { evidence, notices: [`The project could not be read: ${reasonOf(error)}.`] };
  }
}

function isDockerfile(file: string): boolean {
  const name = path.posix.basename(file).toLowerCase();
  if (
    /\.(?:dockerignore|containerignore|md|txt|bak|orig|swp|j2|jinja2?|tmpl|tpl|template|erb|hbs)$/.test(name)
  ) {
    return false;
  }
  return /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/.test(name);
}

async function readDockerfiles(
  names: string[],
  files: ProjectFiles,
  evidence: ProjectEvidence,
  secrets: ReturnType<typeof noSecrets>,
): Promise<void> {
  const found = names.filter(isDockerfile);
  // Compose may build from a file by any name.
  const present = new Set(names);
  const built = evidence.compose
    .flatMap(({ services }) => services.map(({ build }) => build?.dockerfile ?? ''))
    .filter((file) => present.has(file));
  const all = [...new Set([...found, ...built])];
  if (all.length > dockerfileLimit) files.note(`Only the first ${dockerfileLimit} Dockerfiles were read.`);
  for (const file of all.slice(0, dockerfileLimit)) {
    // One that there was no time for is not broken.
    if (files.ended) return;
    const content = await files.read(file);
    if ('text' in content)
      evidence.dockerfiles.push(readBuilds(file, content.text, evidence.compose, secrets));
    else evidence.dockerfiles.push({ file, stages: [], final: -1, broken: `it ${content.skipped}` });
  }
}

async function readIgnores(
  names: string[],
  files: ProjectFiles,
): Promise<Omit<IgnoreFacts, 'belowRepository'>> {
  const facts: Omit<IgnoreFacts, 'belowRepository'> = { gitIgnoresEnv: null, dockerIgnores: [] };
  if (names.includes('.gitignore')) {
    const content = await files.read('.gitignore');
    if ('text' in content) facts.gitIgnoresEnv = gitIgnores(content.text, '.env');
  }
  for (const file of names.filter((name) => /(?:^|[/.])(?:docker|container)ignore$/.test(name))) {
    const content = await files.read(file);
    if ('text' in content)
      facts.dockerIgnores.push({ file, ignoresEnv: dockerIgnores(content.text, '.env') });
  }
  return facts;
}

async function readEnvFiles(
  names: string[],
  files: ProjectFiles,
): Promise<Pick<ProjectEvidence, 'envFiles' | 'envFilesWithSecrets'>> {
  const found: Pick<ProjectEvidence, 'envFiles' | 'envFilesWithSecrets'> = {
    envFiles: [],
    envFilesWithSecrets: [],
  };
  for (const file of names.filter(isEnvFile)) {
    const content = await files.read(file);
    if (!('text' in content) || !holdsValues(content.text)) continue;
    found.envFiles.push(file);
    if (holdsSecrets(content.text)) found.envFilesWithSecrets.push(file);
  }
  return found;
}

/** Whether a directory above holds a repository. Nothing in it is read. */
async function isBelowRepository(root: string): Promise<boolean> {
  let directory = root;
  for (let step = 0; step < 50; step++) {
    if (await exists(path.join(directory, '.git'))) return step > 0;
    const above = path.dirname(directory);
    if (above === directory) return false;
    directory = above;
  }
  return false;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
