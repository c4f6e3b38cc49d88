import { placeText } from '../../../text/places.ts';
import { judgeBuiltImages } from '../../reading/server/server-image.ts';
import { baseImage, repository, type ServerImage } from '../../reading/server/stages.ts';
import { unresolved } from '../../reading/server/unresolved.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row } from '../../row.ts';
import { judgeInstalls } from './lockfile-install.ts';
import { pinningOf } from './pinning.ts';
import { remedies } from './remedies.ts';

export const imageHygiene: Row = {
  id: 'image-hygiene',
  title: 'Pinned base image, lockfile install, small final stage',
  category: 'Security',
  level: 'recommended',
  why: 'Without pins, each build can take other versions of the base image and the packages. The result was never tested and cannot be rebuilt.',
  fix: 'Pin the base image by version or digest. Install from the lockfile (npm ci, uv sync --locked). Copy only what runs into a slim final stage.',
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
      title: 'FROM pins the base image to a version or a digest',
      fix: 'Name a version or a digest in FROM: node:24.11.1-slim, not node:latest.',
      declared: (project, all) => judgeBuiltImages(project, all, judgeBase),
    },
    {
      id: 'lockfile-install',
      kind: 'core',
      title: 'The build installs packages from a lockfile',
      fix: 'Copy the lockfile and install from it: npm ci, pnpm install --frozen-lockfile, uv sync --locked.',
      declared: (project, all) => judgeBuiltImages(project, all, (image) => judgeInstalls(image, project)),
    },
    {
      id: 'small-final-stage',
      kind: 'extra',
      title: 'The final stage uses a slim base image',
      fix: 'Build in one stage. Copy what runs into a slim or distroless final stage.',
      declared: (project, all) => judgeBuiltImages(project, all, judgeSize),
    },
  ],
};

function judgeBase(image: ServerImage): Judgement {
  const base = baseImage(image);
  if (!base.known) return inconclusive(unresolved('FROM ', base));
  const where = `FROM ${base.value} (${placeText(base.at)})`;
  switch (pinningOf(base.value)) {
    case 'pinned':
      return pass(`${where} is pinned.`, base.at);
    case 'moves':
      return fail(`${where} is not pinned: the image changes with every release.`, base.at);
    case 'names no version':
      return fail(`${where} is not pinned: its tag names no version.`, base.at);
  }
}

/** Full distribution images contain compilers and package managers that a running server never needs. */
const fullImages = new Set('node python golang rust ruby openjdk oven/bun denoland/deno'.split(' '));

function judgeSize(image: ServerImage): Judgement {
  const base = baseImage(image);
  if (!base.known) return inconclusive(unresolved('FROM ', base));
  const where = `FROM ${base.value} (${placeText(base.at)})`;
  if (/slim|alpine|distroless|chainguard|scratch|ubi-micro|ubi-minimal/.test(base.value)) {
    return pass(`The final stage builds on a slim base: ${where}.`, base.at);
  }
  return fullImages.has(repository(base.value))
    ? fail(`The final stage builds on an image with compilers and package managers: ${where}.`, base.at)
    : notApplicable(`Whether ${where} is slim is unknown.`);
}
