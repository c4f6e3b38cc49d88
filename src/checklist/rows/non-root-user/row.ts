import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { startedByClient } from '../../reading/server/server-image.ts';
import { judgeUnits, serverUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row } from '../../row.ts';
import { judgeOverride, judgeUser } from './declared-user.ts';
import { remedies } from './remedies.ts';
import { judgeProcessUser } from './unprivileged-user.ts';

export const nonRootUser: Row = {
  id: 'non-root-user',
  title: 'Non-root container user',
  category: 'Security',
  level: 'required',
  why: 'When the server runs as root, one bug in it or in the container runtime can give an attacker root on the host.',
  fix: 'Add "USER node" (or another unprivileged user) to the final stage of the Dockerfile, after the files are in place. In a systemd unit, set User= or DynamicUser=yes.',
  basis: [
    'Production checklist: Security, "Non-root container user" (Required)',
    'Dockerfile reference, USER: https://docs.docker.com/reference/dockerfile/#user',
    'Docker building best practices: https://docs.docker.com/build/building/best-practices/#user',
    'Kubernetes, security context: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'systemd.exec(5), User= and DynamicUser=: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#User=',
  ],
  remedies,
  headline: 'process-user',
  criteria: [
    {
      id: 'image-user',
      kind: 'core',
      attestable: { by: 'a user that the platform sets' },
      title: 'The image or the deployment sets an unprivileged user',
      declared: (project, all) => startedByClient(project, all) ?? judgeUser(project),
    },
    {
      id: 'runtime-user',
      kind: 'core',
      attestable: { by: 'a user that the platform sets' },
      title: 'The deployment does not override the image’s user with root',
      fix: 'Remove "user: root" (or runAsUser: 0) from the deployment, or name an unprivileged user there.',
      supporting: true,
      declared: (project) =>
        serverUnits(project).length > 0
          ? judgeUnits(project, (one) => judgeOverride(one, project))
          : notApplicable('No deployment of the server sets a user.'),
    },
    {
      id: 'process-user',
      kind: 'core',
      title: 'The running server does not need root',
      fix: 'Write only to directories that the server’s user owns (a volume, /tmp). Listen on a port above 1023.',
      proven: provenBy('unprivileged-user', judgeProcessUser),
      experiment: 'start the server as an unprivileged user and call it',
    },
    {
      id: 'no-privilege-escalation',
      kind: 'extra',
      title: 'The container cannot gain privileges and drops all capabilities',
      fix: 'Set "security_opt: [no-new-privileges:true]" and "cap_drop: [ALL]" in compose, allowPrivilegeEscalation: false and capabilities.drop: [ALL] in Kubernetes, NoNewPrivileges=yes in systemd.',
      declared: (project) => judgeUnits(project, judgeEscalation),
    },
  ],
};

/** Whether the process can gain privileges, by the settings that its platform has. */
function judgeEscalation(unit: DeploymentUnit): Judgement {
  const { title, at, platform, privileged, noNewPrivileges, dropsCapabilities, runs } = unit;
  const where = `${title} (${placeText(at)})`;
  if (platform === 'systemd') {
    if (runs === 'container client') {
      return notApplicable(`${where} starts a container. The settings of that container decide.`);
    }
    // A process without root has no capabilities, and NoNewPrivileges= lets it gain none (systemd.exec(5)).
    return noNewPrivileges
      ? pass(`${where} sets NoNewPrivileges= or DynamicUser=. It cannot gain privileges.`, at)
      : fail(`${where} can gain privileges. It sets neither NoNewPrivileges= nor DynamicUser=.`, at);
  }
  if (!['compose', 'kubernetes', 'ecs'].includes(platform)) return unsupportedSetting(unit, 'capabilities');
  const kubernetes = platform === 'kubernetes';
  const missing = [
    ...(noNewPrivileges ? [] : [kubernetes ? 'allowPrivilegeEscalation: false' : 'no-new-privileges']),
    ...(dropsCapabilities ? [] : [kubernetes ? 'capabilities.drop ALL' : 'cap_drop ALL']),
  ];
  const defects = [
    ...(privileged ? ['runs privileged'] : []),
    ...(missing.length > 0 ? [`lacks ${missing.join(' and ')}`] : []),
  ];
  if (defects.length === 0) return pass(`${where} sets no-new-privileges and drops all capabilities.`, at);
  const finding = `${where} ${defects.join('. It ')}.`;
  // Fargate supports neither setting in full.
  return platform === 'ecs' && !privileged
    ? inconclusive(
        `${finding} Whether ECS allows both is unknown: that depends on the launch type. Set both on EC2.`,
      )
    : fail(finding, at);
}
