import type { ComposeService, ProjectEvidence } from '../../evidence/project.ts';
import { agree } from '../reading/agreement.ts';
import { isRoot } from '../reading/base-users.ts';
import { judgeServices, serverServices } from '../reading/compose-services.ts';
import { judgeImageUser } from '../reading/image-user.ts';
import { judgeImages } from '../reading/server-image.ts';
import { placeText } from '../reading/stages.ts';
import {
  contradiction,
  fail,
  inconclusive,
  type Judgement,
  needsExperiment,
  notApplicable,
  pass,
  type Row,
} from '../row.ts';

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
      declared: (project) => unprivilegedByCompose(project) ?? judgeImages(project, judgeImageUser),
    },
    {
      id: 'runtime-user',
      kind: 'core',
      title: 'The deployment does not put root back over the image',
      fix: 'Remove "user: root" from the compose service, or name an unprivileged user there.',
      supporting: true,
      declared: (project) => {
        const services = serverServices(project);
        return services.some((service) => service.user)
          ? agree(services, ({ name }) => name, judgeServiceUser)
          : notApplicable('No compose service of the server sets a user of its own.');
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
        judgeServices(project, (service) => {
          const missing = [
            ...(service.privileged ? ['runs privileged'] : []),
            ...(service.noNewPrivileges ? [] : ['no security_opt no-new-privileges']),
            ...(service.capDrop.some((name) => name.toUpperCase() === 'ALL') ? [] : ['no cap_drop ALL']),
          ];
          return missing.length > 0
            ? fail(`Service ${service.name} (${placeText(service.at)}): ${missing.join(', ')}.`)
            : pass(
                `Service ${service.name} (${placeText(service.at)}): no-new-privileges is set and every capability is dropped.`,
              );
        }),
    },
  ],
};

/** A user that compose sets goes before the image's, so that an image of root runs unprivileged there. */
function unprivilegedByCompose(project: ProjectEvidence): Judgement | undefined {
  const services = serverServices(project);
  const unprivileged = services.flatMap(({ user }) =>
    user?.known && !isRoot(user.value) ? [`${user.value} (${placeText(user.at)})`] : [],
  );
  return services.length > 0 && unprivileged.length === services.length
    ? pass(`Compose runs it as ${unprivileged.join(', ')}, whatever the image says.`)
    : undefined;
}

function judgeServiceUser(service: ComposeService): Judgement {
  const { user } = service;
  if (!user) return notApplicable('No user is set.');
  if (!user.known) return inconclusive(`user: ${user.text} (${placeText(user.at)}): ${user.why}`);
  return isRoot(user.value)
    ? contradiction(
        `Service ${service.name} sets user ${user.value} (${placeText(user.at)}), whatever the image says.`,
      )
    : pass(`Service ${service.name} sets user ${user.value} (${placeText(user.at)}).`);
}
