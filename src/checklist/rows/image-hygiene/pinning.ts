import { repository } from '../../reading/server/stages.ts';

/** Images whose tag begins with the version of what they bring, so that a version of the system alone is none. */
const runtimes = new Set(
  ['node', 'python', 'golang', 'rust', 'ruby', 'php', 'openjdk', 'eclipse-temurin', 'amazoncorretto'].concat([
    'denoland/deno',
    'oven/bun',
    'ghcr.io/astral-sh/uv',
  ]),
);

/** Releases of a system are versions, by another name. */
const codenames =
  /^(?:buster|bullseye|bookworm|trixie|forky|focal|jammy|noble|plucky|questing|resolute)(?:-|$)/;

/** What of an image reference moves: nothing, its tag with every release, or between versions. */
export function pinningOf(image: string): 'pinned' | 'moves' | 'names no version' {
  if (image === 'scratch' || image.includes('@sha256:')) return 'pinned';
  const name = repository(image);
  // The version of the system is a part of these names.
  if (/^gcr\.io\/distroless\/[\w-]+-debian\d+$/.test(name)) return 'pinned';
  if (/^registry\.(?:access\.)?redhat\.(?:com|io)\/ubi\d+(?:\/|$)/.test(name)) return 'pinned';
  const tag = /(?<=^|[/@])[^/@:]*:([^/@]+)$/.exec(image)?.[1];
  if (!tag || tag === 'latest') return 'moves';
  if (/^(?:debian|ubuntu|buildpack-deps)$/.test(name) && codenames.test(tag)) return 'pinned';
  const version = runtimes.has(name) ? tag.replace(/alpine\d+(?:\.\d+)*$/, '') : tag;
  return /\d/.test(version) ? 'pinned' : 'names no version';
}
