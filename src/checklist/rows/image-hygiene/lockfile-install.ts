import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { joined } from '../../../text/counts.ts';
import { placeText } from '../../../text/places.ts';
import { excerpt } from '../../../text/printable.ts';
import { shortList } from '../../reading/server/agreement.ts';
import { nameFits } from '../../reading/server/copy-source.ts';
import { contributing, lineage, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { type Install, installsOf } from './installs.ts';

type Run = DockerStage['runs'][number];

/** Characters of a RUN that a finding shows. */
const shownCharacters = 80;

/** Judges whether an image was installed from a lockfile. Stages that contribute nothing to it do not count. */
export function judgeInstalls(image: ServerImage, project: ProjectEvidence): Judgement {
  const stages = contributing(image);
  const verdicts = stages.flatMap((stage) =>
    stage.runs.flatMap((run) =>
      installsOf(run.text).map((install) => judgeInstall(install, run, stage, image, project)),
    ),
  );
  return verdicts.length > 0
    ? worst(verdicts)
    : inconclusive('No RUN installs packages with a known package manager.');
}

function judgeInstall(
  install: Install,
  run: Run,
  stage: DockerStage,
  image: ServerImage,
  project: ProjectEvidence,
): Judgement {
  const where = `RUN ${excerpt(run.text, shownCharacters)} (${placeText(run.at)})`;
  switch (install.how) {
    case 'locked':
      return pass(`${where} installs from the lockfile.`, run.at);
    case 'loose':
      return fail(`${where} installs packages without a lockfile.`, run.at);
    case 'unclear':
      return inconclusive(`Whether ${where} uses a lockfile is unknown: ${install.reason}.`);
    case 'follows': {
      const { lockfiles, strict } = install;
      if (isFrozenByEnvironment(lockfiles, stage, image)) {
        return pass(`${where} installs from the lockfile: UV_FROZEN or UV_LOCKED is set.`, run.at);
      }
      const present = project.lockfiles.filter((file) => lockfiles.includes(nameOf(file)));
      if (present.length === 0) {
        return fail(
          `${where} runs without a lockfile: the project has no ${joined(lockfiles, 'or')}.`,
          run.at,
        );
      }
      if (!isCopied(lockfiles, run, stage, image)) {
        return fail(
          `${where} runs without a lockfile: no COPY before it copies ${shortList(present)}.`,
          run.at,
        );
      }
      return inconclusive(
        `${where} follows the lockfile only while it matches the manifest. Whether it matches is unknown. Use ${strict}.`,
      );
    }
  }
}

/** UV_FROZEN and UV_LOCKED apply the option of that name to every uv command. */
function isFrozenByEnvironment(
  lockfiles: readonly string[],
  stage: DockerStage,
  { dockerfile }: ServerImage,
): boolean {
  return (
    lockfiles.includes('uv.lock') &&
    lineage(dockerfile, stage).some(({ variables }) =>
      variables.some(
        ({ name, value }) =>
          /^UV_(?:FROZEN|LOCKED)$/.test(name) && value.known && !/^(?:0|false|)$/i.test(value.value),
      ),
    )
  );
}

/** Whether a mount or an earlier COPY may bring the lockfile: by its name, by a pattern or with its folder. */
function isCopied(
  lockfiles: readonly string[],
  run: Run,
  stage: DockerStage,
  { dockerfile }: ServerImage,
): boolean {
  if (run.mounts) return true;
  const copies = lineage(dockerfile, stage).flatMap(({ copies }) => copies);
  return copies
    .filter(({ at }) => at.line < run.at.line)
    .some(({ sources }) =>
      sources.some((source) => lockfiles.some((lockfile) => mayBring(source, lockfile))),
    );
}

function mayBring(source: string, lockfile: string): boolean {
  const name = nameOf(source.replace(/(?<!\/)\/+$/, ''));
  const isPattern = /[*?[$]/.test(name);
  if (isPattern || name === lockfile) return nameFits(name, lockfile) ?? true;
  // A folder has no extension, is a dot, or ends in a slash.
  return source.endsWith('/') || !/[^.]\.\w+$/.test(name);
}

const nameOf = (file: string): string => file.split('/').at(-1) ?? file;
