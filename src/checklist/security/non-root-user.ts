import type { ComposeService } from '../../evidence/project.ts';
import { judgeServices, serverServices } from '../reading/compose-services.ts';
import {
  baseImage,
  lineage,
  placeText,
  repository,
  type ServerImage,
  serverImages,
} from '../reading/server-image.ts';
import {
  contradiction,
  fail,
  inconclusive,
  type Judgement,
  needsExperiment,
  notApplicable,
  pass,
  type Row,
  worst,
} from '../row.ts';

/** Official images whose default user is root, by repository name; an image that is not listed here is not guessed. */
const rootByDefault = new Set([
  ...['scratch', 'alpine', 'debian', 'ubuntu', 'busybox', 'fedora', 'amazonlinux', 'rockylinux'],
  ...[
    'node',
    'python',
    'golang',
    'rust',
    'ruby',
    'php',
    'openjdk',
    'eclipse-temurin',
    'denoland/deno',
    'oven/bun',
  ],
]);

export const nonRootUser: Row = {
  id: 'non-root-user',
  title: 'Non-root container user',
  category: 'Security',
  level: 'required',
  why: 'A process that is root in its container turns every bug in it, and in the container runtime, into root on the host.',
  fix: 'Add "USER node" (or another unprivileged user) to the final stage of the Dockerfile, after the files are in place.',
  basis: [
    'Production checklist: Security, "Non-root container user" (Required)',
    'Dockerfile reference, USER: https://docs.docker.com/reference/dockerfile/#user',
    'Docker building best practices: https://docs.docker.com/build/building/best-practices/#user',
  ],
  criteria: [
    {
      id: 'image-user',
      kind: 'core',
      title: 'The image runs as an unprivileged user',
      declared: (project) => {
        const images = serverImages(project);
        if (images.length === 0) {
          const broken = project.dockerfiles.find((dockerfile) => dockerfile.broken);
          return inconclusive(
            broken
              ? `${broken.file} could not be read: ${broken.broken}`
              : 'No Dockerfile was found in the project.',
          );
        }
        return worst(images.map(judgeImage));
      },
    },
    {
      id: 'runtime-user',
      kind: 'core',
      title: 'The deployment does not put root back over the image',
      fix: 'Remove "user: root" from the compose service, or name an unprivileged user there.',
      supporting: true,
      declared: (project) => {
        const overriding = serverServices(project).filter((service) => service.user);
        if (overriding.length === 0)
          return notApplicable('No compose service of the server sets a user of its own.');
        return worst(overriding.map(judgeService));
      },
    },
    {
      id: 'process-user',
      kind: 'core',
      title: 'The process that listens is not root',
      unseen: needsExperiment('launch the server and read the user of the process that listens'),
    },
    {
      id: 'no-privilege-escalation',
      kind: 'extra',
      title: 'The container can gain no privileges and keeps no capabilities',
      fix: 'Set "security_opt: [no-new-privileges:true]" and "cap_drop: [ALL]" on the compose service.',
      declared: (project) =>
        judgeServices(project, (services) => {
          const weak = services.flatMap((service) => {
            const missing = [
              ...(service.privileged ? ['runs privileged'] : []),
              ...(service.noNewPrivileges ? [] : ['no security_opt no-new-privileges']),
              ...(service.capDrop.some((name) => name.toUpperCase() === 'ALL') ? [] : ['no cap_drop ALL']),
            ];
            return missing.length > 0
              ? [`${service.name} (${placeText(service.at)}): ${missing.join(', ')}`]
              : [];
          });
          return weak.length > 0
            ? fail(`${weak.join('; ')}.`)
            : pass(`${names(services)}: no-new-privileges is set and every capability is dropped.`);
        }),
    },
  ],
};

function judgeImage(image: ServerImage): Judgement {
  const setting = lineage(image.dockerfile, image.stage).find((stage) => stage.user);
  if (setting?.user) {
    const { user } = setting;
    if (!user.known) return inconclusive(`USER ${user.text} (${placeText(user.at)}): ${user.why}`);
    return isRoot(user.value)
      ? fail(`USER ${user.value} (${placeText(user.at)}): the image runs as root.`)
      : pass(`USER ${user.value} (${placeText(user.at)}).`);
  }
  const base = baseImage(image);
  if (!base.known) return inconclusive(`No USER, and FROM ${base.text} (${placeText(base.at)}): ${base.why}`);
  const where = `No USER in the final stage of ${image.dockerfile.file}; its base ${base.value}`;
  if (isNonRootBase(base.value)) return pass(`${where} runs as an unprivileged user.`);
  return rootByDefault.has(repository(base.value))
    ? fail(`${where} runs as root.`)
    : inconclusive(`${where} decides, and its user cannot be read from files. Set USER to make it certain.`);
}

function judgeService(service: ComposeService): Judgement {
  const { user } = service;
  if (!user) return notApplicable('No user is set.');
  if (!user.known) return inconclusive(`user: ${user.text} (${placeText(user.at)}): ${user.why}`);
  return isRoot(user.value)
    ? contradiction(
        `Service ${service.name} sets user ${user.value} (${placeText(user.at)}), whatever the image says.`,
      )
    : pass(`Service ${service.name} sets user ${user.value} (${placeText(user.at)}).`);
}

/** `USER` takes `user[:group]`; only the user counts. */
function isRoot(user: string): boolean {
  const [name = ''] = user.split(':');
  return name === 'root' || /^0+$/.test(name);
}

/** Distroless and Chainguard images say in their name or tag that they start unprivileged. */
function isNonRootBase(image: string): boolean {
  return /[:@-]nonroot\b/.test(image) || image.startsWith('cgr.dev/chainguard/');
}

const names = (services: ComposeService[]): string => services.map((service) => service.name).join(', ');
