import { access, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreFacts, ProjectEvidence, ProjectPart } from '../../evidence/project.ts';
import { holdsSecrets, holdsValues, isEnvFile } from '../../text/secrets/env-files.ts';
import { isComposeFile, readComposeProjects } from './compose/projects.ts';
import { readBuilds } from './dockerfile/builds.ts';
import { brokenDockerfile } from './dockerfile/dockerfile.ts';
import { findStartScripts } from './dockerfile/start-script.ts';
import { EvidenceBudget } from './evidence-budget.ts';
import { dockerIgnores, gitIgnores } from './files/ignore-files.ts';
import { isLockfile } from './files/lockfiles.ts';
import { ProjectFiles } from './files/project-files.ts';
import { reasonOf } from './files/text.ts';
import { walkProject } from './files/walk.ts';
import { readObservability } from './observability/observability.ts';
import { untilAborted } from './pause.ts';
import { readWorkloads } from './platforms/workloads.ts';
import { noSecrets } from './secrets/literal-secrets.ts';
import { maskEvidence } from './secrets/mask-evidence.ts';
import { scanForSecrets } from './secrets/scan.ts';
import { nothingParsed, readSource } from './source/source.ts';

interface ProjectOptions {
  /** As the user named it. */
  directory: string;
  /** The same directory as an absolute path. */
  root: string;
  /** Ends the collection early, with the evidence so far. */
  signal: AbortSignal;
}

const dockerfileLimit = 50;

/**
 * Reads what the files of a project declare. Executes nothing, reads nothing outside the root, and never throws: a file that
 * cannot be read is `broken` in the evidence, or in a notice. When the signal is aborted, `unfinished` names the parts that
 * are incomplete.
 */
export async function collectProject(
  options: ProjectOptions,
): Promise<{ evidence: ProjectEvidence; notices: string[] }> {
  const evidence = nothingRead(options.directory);
  const { signal } = options;
  try {
    const root = await realpath(options.root);
    const walk = await walkProject(root, signal);
    const files = new ProjectFiles(root, signal);
    const secrets = noSecrets();
    const budget = new EvidenceBudget();
    const unfinished: NonNullable<ProjectEvidence['unfinished']> = [];
    const finish = (part: ProjectPart) => {
      if (signal.aborted) unfinished.push({ part, because: 'time' });
      else if (files.overLimit || (part === 'deployment' && budget.full)) {
        unfinished.push({ part, because: 'size' });
      }
    };

    const read = (file: string) => files.read(file);
    const compose = await readComposeProjects(walk.files, read, secrets, signal, budget);
    evidence.compose = compose.projects;
    await untilAborted(signal, async () => {
      await readDockerfiles(walk.files, files, evidence, { secrets, budget, signal });
      await findStartScripts(evidence.dockerfiles, walk.files, { read, signal });
      await readIgnores(walk.files, files, evidence.ignores);
      evidence.ignores.belowRepository = await isBelowRepository(root);
      await readEnvFiles(walk.files, files, evidence);
    });
    evidence.lockfiles = walk.files.filter(isLockfile);
    const others = walk.files.filter((file) => !isComposeFile(file));
    Object.assign(evidence, await readWorkloads(others, files, secrets, budget));
    finish('deployment');
    evidence.observability = await readObservability(walk.files, files);
    finish('observability');
    // Last, because it is the most work.
    await scanForSecrets(walk.files, files, secrets);
    finish('secrets');
    evidence.source = await readSource(walk.files, files, secrets);
    finish('source');
    evidence.literalSecrets = secrets.found;
    if (unfinished.length > 0) evidence.unfinished = unfinished;

    const notices = [...walk.notices, ...compose.notices, ...files.notices()];
    if (signal.aborted) {
      notices.push('The time limit ended the reading of the project. Raise it with --budget <ms>.');
    }
    return await maskEvidence({ evidence, notices }, secrets.values);
  } catch (error) {
    return { evidence, notices: [`The project could not be read: ${reasonOf(error)}.`] };
  }
}

const nothingRead = (directory: string): ProjectEvidence => ({
  directory,
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
});

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
  reading: Parameters<typeof readBuilds>[3],
): Promise<void> {
  const found = names.filter(isDockerfile);
  // A compose build may name any file.
  const present = new Set(names);
  const built = evidence.compose
    .flatMap(({ services }) => services.map(({ build }) => build?.dockerfile ?? ''))
    .filter((file) => present.has(file));
  const all = [...new Set([...found, ...built])];
  if (all.length > dockerfileLimit) files.note(`Only the first ${dockerfileLimit} Dockerfiles were read.`);
  for (const file of all.slice(0, dockerfileLimit)) {
    const content = await files.read(file);
    if ('text' in content)
      evidence.dockerfiles.push(await readBuilds(file, content.text, evidence.compose, reading));
    else evidence.dockerfiles.push(brokenDockerfile(file, `the file ${content.skipped}`));
  }
}

async function readIgnores(names: string[], files: ProjectFiles, facts: IgnoreFacts): Promise<void> {
  if (names.includes('.gitignore')) {
    const content = await files.read('.gitignore');
    if ('text' in content) facts.gitIgnoresEnv = gitIgnores(content.text, '.env');
  }
  for (const file of names.filter((name) => /(?:^|[/.])(?:docker|container)ignore$/.test(name))) {
    const content = await files.read(file);
    if ('text' in content)
      facts.dockerIgnores.push({ file, ignoresEnv: dockerIgnores(content.text, '.env') });
  }
}

async function readEnvFiles(
  names: string[],
  files: ProjectFiles,
  found: Pick<ProjectEvidence, 'envFiles' | 'envFilesWithSecrets'>,
): Promise<void> {
  for (const file of names.filter(isEnvFile)) {
    const content = await files.read(file);
    if (!('text' in content) || !holdsValues(content.text)) continue;
    found.envFiles.push(file);
    if (holdsSecrets(content.text)) found.envFilesWithSecrets.push(file);
  }
}

/** Whether a directory above contains the repository. Nothing in it is read. */
async function isBelowRepository(root: string): Promise<boolean> {
  let directory = root;
  while (!(await exists(path.join(directory, '.git')))) {
    const above = path.dirname(directory);
    if (above === directory) return false;
    directory = above;
  }
  return directory !== root;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
