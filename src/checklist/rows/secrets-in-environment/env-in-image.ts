import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { serverServices } from '../../reading/server/compose-applications.ts';
import { nameFits } from '../../reading/server/copy-source.ts';
import { judgeImages, serverImages } from '../../reading/server/server-image.ts';
import { copiedStage, lineage, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

type Copy = DockerStage['copies'][number];

/** Judges whether the server’s image contains a `.env`. */
export function judgeEnvInImage(project: ProjectEvidence): Judgement {
  return serverImages(project).length > 0
    ? judgeImages(project, (image) => judgeImage(image, project))
    : notApplicable('The project has no Dockerfile of the server.');
}

function judgeImage(image: ServerImage, project: ProjectEvidence): Judgement {
  const copies = envCopies(image.dockerfile, image.stage, []);
  const found = copies.find(({ certain }) => certain) ?? copies[0];
  if (!found) return pass('No COPY copies .env into the image.');
  const contexts = contextsOf(image, project);
  const ignores = ignoresOf(image, contexts, project);
  if (ignores.length > 0 && ignores.every(({ ignoresEnv }) => ignoresEnv)) {
    return pass(`${ignores.map(({ file }) => file).join(', ')} excludes .env.`);
  }
  const where = `COPY ${found.copy.sources.join(' ')} (${placeText(found.copy.at)})`;
  if (found.named) return fail(`${where} copies .env into the image.`);
  const held = contexts
    .map((context) => inFolder(context, '.env'))
    .find((file) => project.envFiles.includes(file));
  const open = `${ignores.find(({ ignoresEnv }) => !ignoresEnv)?.file ?? '.dockerignore'} does not exclude it`;
  if (!held) {
    return inconclusive(`The project has no .env now. ${where} would copy one into the image: ${open}.`);
  }
  if (contexts.length > 1) {
    return inconclusive(
      `Whether ${where} copies ${held} is unknown. The build context may be ${contexts.join(' or ')}. Set it in compose.`,
    );
  }
  return found.certain
    ? fail(`${where} copies ${held} into the image: ${open}.`)
    : inconclusive(
        `Whether ${where} copies ${held} into the image is unknown: its paths could not be resolved. Exclude .env in .dockerignore.`,
      );
}

/** The possible build contexts: those that compose declares, else the root and the Dockerfile’s folder. */
function contextsOf({ dockerfile }: ServerImage, project: ProjectEvidence): string[] {
  const declared = serverServices(project).flatMap(({ build }) =>
    build?.dockerfile === dockerfile.file ? [build.context] : [],
  );
  const own = dockerfile.file.split('/').slice(0, -1).join('/') || '.';
  return [...new Set(declared.length > 0 ? declared : ['.', own])];
}

/** A Dockerfile’s own ignore file takes precedence over that of the context (Dockerfile reference: .dockerignore file). */
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

/** A COPY that takes the `.env` at the root of the build context. */
interface EnvCopy {
  copy: Copy;
  /** It names `.env`: the build fails without the file. */
  named: boolean;
  /** False: the image may contain the file. */
  certain: boolean;
  /** The directory of the stage that then contains the file. Undefined: unknown. */
  directory: string | undefined;
}

/** The COPY that brings `.env` into a stage, directly or from another stage. */
function envCopies(
  dockerfile: ServerImage['dockerfile'],
  stage: DockerStage,
  visited: DockerStage[],
): EnvCopy[] {
  if (visited.includes(stage)) return [];
  const copies = lineage(dockerfile, stage).flatMap((member) => member.copies);
  return copies.flatMap((copy): EnvCopy[] => {
    if (!copy.from) {
      const taken = copy.sources.map(takesEnv);
      if (taken.every((takes) => takes === false)) return [];
      const named = copy.sources.some((source) => inContext(source) === '.env');
      return [{ copy, named, certain: taken.includes(true), directory: copy.into }];
    }
    const source = copiedStage(dockerfile, copy.from);
    if (!source) return [];
    return envCopies(dockerfile, source, [...visited, stage]).flatMap((found) => {
      const takes = takesFrom(copy.sources, found.directory);
      return takes === false
        ? []
        : { ...found, certain: found.certain && takes === true, directory: copy.into };
    });
  });
}

/** Whether a source in the build context takes the `.env` at its root. Undefined: unknown. */
function takesEnv(source: string): boolean | undefined {
  const path = inContext(source);
  if (path === '' || path === '.') return true;
  return path.includes('/') ? false : nameFits(path, '.env');
}

/** `./config/` becomes `config`, and the root an empty text or a dot. */
const inContext = (source: string): string => source.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/)\/+$/, '');

/** Whether copying these paths out of a stage takes a file of this directory. Undefined: unknown. */
function takesFrom(sources: string[], directory: string | undefined): boolean | undefined {
  if (directory === undefined || sources.some((source) => source.includes('$'))) return undefined;
  const folder = clean(directory);
  return sources.some((source) => {
    const path = clean(source.replace(/\/\*$/, ''));
    return path === '' || path === folder || folder.startsWith(`${path}/`) || path === `${folder}/.env`;
  });
}

/** `./app/./` becomes `/app`, and the root an empty text. */
function clean(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => `/${part}`).join('');
}
