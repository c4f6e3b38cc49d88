import { repository } from '../../reading/server/stages.ts';

/** Official images whose default user is root, by repository. */
const rootByDefault = new Set([
  ...['scratch', 'alpine', 'debian', 'ubuntu', 'busybox', 'fedora', 'amazonlinux', 'rockylinux', 'almalinux'],
  ...['node', 'python', 'golang', 'rust', 'ruby', 'php', 'openjdk', 'eclipse-temurin', 'amazoncorretto'],
  ...['denoland/deno', 'oven/bun', 'buildpack-deps', 'maven', 'public.ecr.aws/amazonlinux/amazonlinux'],
  ...['ghcr.io/astral-sh/uv', 'mcr.microsoft.com/playwright', 'mcr.microsoft.com/playwright/python'],
]);

/** Chainguard’s language runtimes start as user 65532. Not all of its images do. */
const chainguardRuntimes =
  /^cgr\.dev\/chainguard\/(?:static|glibc-dynamic|node|python|jre|ruby|php|aspnet-runtime|dotnet-runtime)$/;

/** Red Hat’s language runtimes set USER 1001 (openjdk: 185). Its plain base images set none. */
const ubi = /^registry\.(?:access\.)?redhat\.com\/ubi\d+(?:\/([\w-]+))?$/;

/** The default user of an image, as its publisher documents it. Undefined: unknown. */
export function defaultUser(image: string): 'root' | 'unprivileged' | undefined {
  const name = repository(image);
  const tag = /:([^/:]+)$/.exec(image.split('@')[0] ?? '')?.[1] ?? '';
  if (/(?:^|[-_])nonroot\b/.test(tag)) return 'unprivileged';
  if (rootByDefault.has(name)) return 'root';
  if (chainguardRuntimes.test(name)) return 'unprivileged';
  if (name.startsWith('gcr.io/distroless/')) {
    // The tag selects root or nonroot. A digest alone shows neither.
    return tag === '' && image.includes('@') ? undefined : 'root';
  }
  if (/^mcr\.microsoft\.com\/dotnet\/(?:sdk|aspnet|runtime|runtime-deps|monitor)$/.test(name)) {
    return /chiseled|distroless/.test(tag) ? 'unprivileged' : tag === '' ? undefined : 'root';
  }
  const [, flavour] = ubi.exec(name) ?? [];
  if (flavour === undefined) return undefined;
  if (/^ubi(?:-minimal|-micro|-init)?$/.test(flavour)) return 'root';
  return /^(?:nodejs|python|openjdk)-\d/.test(flavour) ? 'unprivileged' : undefined;
}

/** .NET images set APP_UID to their unprivileged user (.NET blog: securing containers with rootless). */
export const isDotnetUser = (text: string, base: string): boolean =>
  /^\$(?:APP_UID|\{APP_UID\})$/.test(text) && base.startsWith('mcr.microsoft.com/dotnet/');

/** `USER` takes `user[:group]`. Only the user counts. */
export function isRoot(user: string): boolean {
  const [name = ''] = user.split(':');
  return /^(?:root|0+|containeradministrator)$/i.test(name);
}
