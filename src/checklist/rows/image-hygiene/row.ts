import { placeText } from '../../../text/places.ts';
import { judgeBuiltImages } from '../../reading/server/server-image.ts';
import { baseImage, lineage, repository, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row } from '../../row.ts';
import { judgeInstalls } from './lockfile-install.ts';
import { pinningOf } from './pinning.ts';
import { remedies } from './remedies.ts';

export const imageHygiene: Row = {
  id: 'image-hygiene',
  title: 'Pinned base image, lockfile install, small final stage',
  category: 'Security',
  level: 'recommended',
  why: 'An image that resolves its base and its packages anew at each build ships code that nobody tested, and that nobody can build again.',
  fix: 'Pin the base image by version or digest, install with the lockfile (npm ci, uv sync --locked), and copy only what runs into a slim final stage.',
  basis: [
    'Docker building best practices: https://docs.docker.com/build/building/best-practices/',
    'npm ci: https://docs.npmjs.com/cli/commands/npm-ci',
  ],
  remedies,
  headline: 'pinned-base',
  criteria: [
    {
      id: 'pinned-base',
      kind: 'core',
      title: 'The base image is pinned to a version or a digest',
      fix: 'Name a version or a digest in FROM: node:24.11.1-slim, not node:latest.',
      declared: (project) => judgeBuiltImages(project, judgeBase),
    },
    {
      id: 'lockfile-install',
      kind: 'core',
      title: 'Packages are installed from a lockfile',
      fix: 'Copy the lockfile and install with it: npm ci, pnpm install --frozen-lockfile, uv sync --locked.',
      declared: (project) => judgeBuiltImages(project, (image) => judgeInstalls(image, project)),
    },
    {
      id: 'small-final-stage',
      kind: 'extra',
      title: 'The final stage is slim',
      fix: 'Build in one stage and copy what runs into a slim or distroless one.',
      declared: (project) => judgeBuiltImages(project, judgeSize),
    },
  ],
};

function judgeBase(image: ServerImage): Judgement {
  const base = baseImage(image);
  if (!base.known) return inconclusive(`FROM ${base.text} (${placeText(base.at)}): ${base.why}`);
  const where = `FROM ${base.value} (${placeText(base.at)})`;
  switch (pinningOf(base.value)) {
    case 'pinned':
      return pass(`${where}.`, base.at);
    case 'moves':
      return fail(`${where}: without a tag that names a version it moves with every release.`, base.at);
    case 'names no version':
      return fail(`${where}: the tag names no version.`, base.at);
  }
}

/** Full distribution images carry compilers and package managers that a running server never needs. */
const fullImages = new Set([
  'node',
  'python',
  'golang',
  'rust',
  'ruby',
  'openjdk',
  'oven/bun',
  'denoland/deno',
]);

function judgeSize(image: ServerImage): Judgement {
  const base = baseImage(image);
  if (!base.known) return inconclusive(`FROM ${base.text} (${placeText(base.at)}): ${base.why}`);
  const where = `FROM ${base.value} (${placeText(base.at)}), ${lineage(image.dockerfile, image.stage).length} of ${image.dockerfile.stages.length} stages`;
  const slim = /slim|alpine|distroless|chainguard|scratch|ubi-micro|ubi-minimal/.test(base.value);
  if (slim) return pass(`${where}.`, base.at);
  return fullImages.has(repository(base.value))
    ? fail(`${where}: a full image with compilers and package managers.`, base.at)
    : notApplicable(`${where}: its size is not known here.`);
}
