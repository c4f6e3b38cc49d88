import type { DockerStage, ProjectEvidence } from '../../evidence/project.ts';
import {
  baseImage,
  lineage,
  placeText,
  repository,
  type ServerImage,
  serverImages,
} from '../reading/server-image.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row, worst } from '../row.ts';

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
  criteria: [
    {
      id: 'pinned-base',
      kind: 'core',
      title: 'The base image is pinned to a version or a digest',
      fix: 'Name a version or a digest in FROM: node:24.11.1-slim, not node:latest.',
      declared: (project) => judgeImages(project, judgeBase),
    },
    {
      id: 'lockfile-install',
      kind: 'core',
      title: 'Packages are installed from a lockfile',
      fix: 'Copy the lockfile and install with it: npm ci, pnpm install --frozen-lockfile, uv sync --locked.',
      declared: (project) => judgeImages(project, judgeInstall),
    },
    {
      id: 'small-final-stage',
      kind: 'extra',
      title: 'The final stage is slim',
      fix: 'Build in one stage and copy what runs into a slim or distroless one.',
      declared: (project) => judgeImages(project, judgeSize),
    },
  ],
};

function judgeImages(project: ProjectEvidence, judge: (image: ServerImage) => Judgement): Judgement {
  const images = serverImages(project);
  return images.length > 0
    ? worst(images.map(judge))
    : inconclusive('No Dockerfile was found that could be read.');
}

function judgeBase(image: ServerImage): Judgement {
  const base = baseImage(image);
  if (!base.known) return inconclusive(`FROM ${base.text} (${placeText(base.at)}): ${base.why}`);
  const where = `FROM ${base.value} (${placeText(base.at)})`;
  if (base.value === 'scratch' || base.value.includes('@sha256:')) return pass(`${where}.`);
  const tag = /:([^/@]+)$/.exec(base.value)?.[1];
  if (!tag || tag === 'latest') return fail(`${where}: the tag moves with every release.`);
  return /\d/.test(tag) ? pass(`${where}.`) : fail(`${where}: the tag names no version.`);
}

const fromLockfile =
  /\bnpm (ci|clean-install)\b|--frozen-lockfile|--immutable|\buv sync\b[^\n]*--(locked|frozen)|--require-hashes|\bpoetry (install|sync)\b|\bcargo build\b[^\n]*--locked|\bgo mod download\b/;
const fromRegistry =
  /\bnpm (install|i|add)\b(?!\s+(-g|--global)\b)|\byarn (add|install)\b(?!.*(--frozen-lockfile|--immutable))|\bpnpm (install|add|i)\b(?!.*--frozen-lockfile)/;

function judgeInstall({ dockerfile }: ServerImage): Judgement {
  const runs = dockerfile.stages.flatMap((stage: DockerStage) => stage.runs);
  const loose = runs.find(({ text }) => fromRegistry.test(text));
  if (loose) return fail(`RUN ${oneLine(loose.text)} (${placeText(loose.at)}) does not hold to a lockfile.`);
  const locked = runs.find(({ text }) => fromLockfile.test(text));
  return locked
    ? pass(`RUN ${oneLine(locked.text)} (${placeText(locked.at)}).`)
    : inconclusive('No RUN installs packages in a way that is known here.');
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
  if (slim) return pass(`${where}.`);
  return fullImages.has(repository(base.value))
    ? fail(`${where}: a full image with compilers and package managers.`)
    : notApplicable(`${where}: its size is not known here.`);
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
};
