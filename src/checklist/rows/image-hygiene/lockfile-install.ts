import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { shortList } from '../../reading/server/agreement.ts';
import { nameFits } from '../../reading/server/copy-source.ts';
import { contributing, lineage, placeText, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { type Install, installsOf } from './installs.ts';

type Run = DockerStage['runs'][number];

/** Judges whether what is in an image was installed from a lockfile. Stages that give nothing to it do not count. */
export function judgeInstalls(image: ServerImage, project: ProjectEvidence): Judgement {
  const stages = contributing(image);
  const verdicts = stages.flatMap((stage) =>
    stage.runs.flatMap((run) =>
      installsOf(run.text).map((install) => judgeInstall(install, run, stage, image, project)),
    ),
  );
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const found = verdicts.find((judgement) => judgement.verdict === verdict);
    if (found) return found;
  }
  return inconclusive('No RUN installs packages in a way that is known here.');
}

function judgeInstall(
  install: Install,
  run: Run,
  stage: DockerStage,
  image: ServerImage,
  project: ProjectEvidence,
): Judgement {
  const where = `RUN ${oneLine(run.text)} (${placeText(run.at)})`;
  switch (install.how) {
    case 'locked':
      return pass(`${where}.`, run.at);
    case 'loose':
      return fail(`${where} takes packages without a lockfile.`, run.at);
    case 'unclear':
      return inconclusive(`${where}: ${install.reason}.`);
    case 'follows': {
      const { lockfiles, certain } = install;
      if (isFrozenByEnvironment(lockfiles, stage, image))
        return pass(`${where}, with its lockfile frozen.`, run.at);
      const present = project.lockfiles.filter((file) => lockfiles.includes(nameOf(file)));
      const names = lockfiles.join(' or ');
      if (present.length === 0) return fail(`${where}: there is no ${names} in the project.`, run.at);
      if (!isCopied(lockfiles, run, stage, image)) {
        return fail(`${where}: no COPY before it brings ${shortList(present)}.`, run.at);
      }
      return inconclusive(
        `${where} follows the lockfile only while it fits what the project declares; ${certain} would make it certain.`,
      );
    }
  }
}

/** UV_FROZEN and UV_LOCKED do for every uv command what its options do. */
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

/** Whether something before a RUN may have brought the lockfile: by its name, by a pattern, with its folder, by a mount. */
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
  // What has no extension is a folder, and so is what is a dot or ends in a slash.
  return source.endsWith('/') || !/[^.]\.\w+$/.test(name);
}

const nameOf = (file: string): string => file.split('/').at(-1) ?? file;

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
};
