import { repository } from '../../reading/server/stages.ts';

/** Images whose tag begins with the version of the runtime. A system version alone pins nothing. */
const runtimes = new Set([
  ...['node', 'python', 'golang', 'rust', 'ruby', 'php', 'openjdk', 'eclipse-temurin', 'amazoncorretto'],
  ...['denoland/deno', 'oven/bun', 'ghcr.io/astral-sh/uv'],
]);

/** The codename of a release is a version. */
const codenames =
  /^(?:buster|bullseye|bookworm|trixie|forky|focal|jammy|noble|plucky|questing|resolute)(?:-|$)/;

/** Whether an image reference is pinned, moves with every release, or has a tag without a version. */
export function pinningOf(image: string): 'pinned' | 'moves' | 'names no version' {
  if (image === 'scratch' || image.includes('@sha256:')) return 'pinned';
  const name = repository(image);
  // The repository name contains the system version.
  if (/^gcr\.io\/distroless\/[\w-]+-debian\d+$/.test(name)) return 'pinned';
  if (/^registry\.(?:access\.)?redhat\.(?:com|io)\/ubi\d+(?:\/|$)/.test(name)) return 'pinned';
  const tag = /(?<=^|[/@])[^/@:]*:([^/@]+)$/.exec(image)?.[1];
  if (!tag || tag === 'latest') return 'moves';
  if (/^(?:debian|ubuntu|buildpack-deps)$/.test(name) && codenames.test(tag)) return 'pinned';
  const version = runtimes.has(name) ? tag.replace(/alpine\d+(?:\.\d+)*$/, '') : tag;
  return /\d/.test(version) ? 'pinned' : 'names no version';
}
