import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { serverServices } from '../../reading/server/compose-applications.ts';
import { nameFits } from '../../reading/server/copy-source.ts';
import { judgeImages, serverImages } from '../../reading/server/server-image.ts';
import { copiedStage, lineage, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

type Copy = DockerStage['copies'][number];

/** Judges whether the server's image takes a `.env` along. */
export function judgeEnvInImage(project: ProjectEvidence): Judgement {
  return serverImages(project).length > 0
    ? judgeImages(project, (image) => judgeImage(image, project))
    : notApplicable('No Dockerfile of the server was found.');
}

function judgeImage(image: ServerImage, project: ProjectEvidence): Judgement {
  const found = envCopyOf(image);
  if (!found) return pass('No COPY takes .env into the image.');
  const contexts = contextsOf(image, project);
  const ignores = ignoresOf(image, contexts, project);
  if (ignores.length > 0 && ignores.every(({ ignoresEnv }) => ignoresEnv)) {
    return pass(`${ignores.map(({ file }) => file).join(', ')} keeps .env out.`);
  }
  const where = `COPY ${found.copy.sources.join(' ')} (${placeText(found.copy.at)})`;
  if (found.named) return fail(`${where} puts .env into the image.`);
  const held = contexts
    .map((context) => inFolder(context, '.env'))
    .find((file) => project.envFiles.includes(file));
  const open = `${ignores.find(({ ignoresEnv }) => !ignoresEnv)?.file ?? '.dockerignore'} does not keep it out`;
  if (!held) return inconclusive(`There is no .env now; ${where} would take one along, because ${open}.`);
  if (contexts.length > 1) {
    return inconclusive(
      `${where} takes ${held} along if ${contexts.join(' or ')} is where the image is built from.`,
    );
  }
  return found.certain
    ? fail(`${where} takes ${held} along, because ${open}.`)
    : inconclusive(`${where} may take ${held} along: what of it reaches the image is not known.`);
}

/** The folders that the image may be built from: what compose says, else the root and the Dockerfile's own. */
function contextsOf({ dockerfile }: ServerImage, project: ProjectEvidence): string[] {
  const declared = serverServices(project).flatMap(({ build }) =>
    build?.dockerfile === dockerfile.file ? [build.context] : [],
  );
  const own = dockerfile.file.split('/').slice(0, -1).join('/') || '.';
  return [...new Set(declared.length > 0 ? declared : ['.', own])];
}

/** A Dockerfile's own ignore file goes before that of the folder (Dockerfile reference: .dockerignore file). */
function ignoresOf(
  { dockerfile }: ServerImage,
  contexts: string[],
  { ignores: { dockerIgnores } }: ProjectEvidence,
): ProjectEvidence['ignores']['dockerIgnores'] {
  const own = dockerIgnores.find(({ file }) => file === `${dockerfile.file}.dockerignore`);
  if (own) return [own];
  return contexts.flatMap((context) => {
    const names = ['.dockerignore', '.containerignore'].map((name) => inFolder(context, name));
    const found = dockerIgnores.find(({ file }) => names.includes(file));
    return found ?? { file: names[0] ?? '', ignoresEnv: false };
  });
}

const inFolder = (folder: string, name: string): string => (folder === '.' ? name : `${folder}/${name}`);

/** The COPY that takes a `.env` at the root of the build context, and whether it reaches the image. */
export interface EnvCopy {
  copy: Copy;
  /** It names `.env`, so that the file is there when the image is built. */
  named: boolean;
  /** Whether the copy is in the image, or in a stage of which an unknown part is. */
  certain: boolean;
}

/** How `.env` gets into an image, if it does: by a COPY of the whole context, also by way of another stage. */
export function envCopyOf({ dockerfile, stage }: ServerImage): EnvCopy | undefined {
  const copies = envCopies(dockerfile, stage, []);
  return copies.find(({ certain }) => certain) ?? copies[0];
}

interface Found extends EnvCopy {
  /** The directory in the stage that then holds the file; undefined when it is not known. */
  directory: string | undefined;
}

function envCopies(dockerfile: ServerImage['dockerfile'], stage: DockerStage, seen: DockerStage[]): Found[] {
  if (seen.includes(stage)) return [];
  const trail = [...seen, stage];
  const copies = lineage(dockerfile, stage).flatMap((member) => member.copies);
  return copies.flatMap((copy): Found[] => {
    if (!copy.from) {
      const taken = copy.sources.map(takesEnv);
      if (taken.every((how) => how === 'no')) return [];
      const certain = taken.some((how) => how === 'named' || how === 'with others');
      return [{ copy, named: taken.includes('named'), certain, directory: copy.into }];
    }
    const source = copiedStage(dockerfile, copy.from);
    if (!source) return [];
    return envCopies(dockerfile, source, trail).flatMap((found) => {
      const reach = reaches(copy.sources, found.directory);
      return reach === 'no'
        ? []
        : [{ ...found, certain: found.certain && reach === 'yes', directory: copy.into }];
    });
  });
}

/** Whether a source within the build context takes the `.env` at its root: by its name, with others, or nobody knows. */
function takesEnv(source: string): 'named' | 'with others' | 'unknown' | 'no' {
  const path = source.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/)\/+$/, '');
  if (path === '' || path === '.') return 'with others';
  if (path.includes('/')) return 'no';
  if (path === '.env') return 'named';
  const fits = nameFits(path, '.env');
  if (fits === undefined) return 'unknown';
  return fits ? 'with others' : 'no';
}

/** Whether copying these paths out of a stage takes a file that lies directly in a directory of it. */
function reaches(sources: string[], directory: string | undefined): 'yes' | 'no' | 'unknown' {
  if (directory === undefined) return 'unknown';
  const holder = clean(directory);
  if (sources.some((source) => source.includes('$'))) return 'unknown';
  return sources.some((source) => {
    const path = clean(source.replace(/\/\*$/, ''));
    return path === '' || path === holder || holder.startsWith(`${path}/`) || path === `${holder}/.env`;
  })
    ? 'yes'
    : 'no';
}

/** `/app/./` as `/app`; the root as nothing. */
function clean(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => `/${part}`).join('');
}
