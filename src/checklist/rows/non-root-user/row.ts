import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { judgeUnits, serverUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { placeText } from '../../reading/server/stages.ts';
import {
  fail,
  inconclusive,
  type Judgement,
  needsExperiment,
  notApplicable,
  pass,
  type Row,
} from '../../row.ts';
import { judgeOverride, judgeUser } from './declared-user.ts';
import { remedies } from './remedies.ts';
import { judgeProcessUser } from './unprivileged-user.ts';

export const nonRootUser: Row = {
  id: 'non-root-user',
  title: 'Non-root container user',
  category: 'Security',
  level: 'required',
  why: 'A process that is root in its container turns every bug in it, and in the container runtime, into root on the host.',
  fix: 'Add "USER node" (or another unprivileged user) to the final stage of the Dockerfile, after the files are in place; in a systemd unit set User= or DynamicUser=yes.',
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
      title: 'The server runs as an unprivileged user',
      declared: judgeUser,
    },
    {
      id: 'runtime-user',
      kind: 'core',
      title: 'The deployment does not put root back over the image',
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
      title: 'The process that listens is not root, and needs no rights of root',
      fix: 'Let it write to places of its own only (a volume that its user owns, /tmp), and listen on a port above 1023.',
      proven: provenBy('unprivileged-user', judgeProcessUser),
      unseen: needsExperiment('launch the server and read the user of the process that listens'),
    },
    {
      id: 'no-privilege-escalation',
      kind: 'extra',
      title: 'The container can gain no privileges and keeps no capabilities',
      fix: 'Set "security_opt: [no-new-privileges:true]" and "cap_drop: [ALL]" in compose, allowPrivilegeEscalation: false and capabilities.drop: [ALL] in Kubernetes, NoNewPrivileges=yes in systemd.',
      declared: (project) => judgeUnits(project, judgeEscalation),
    },
  ],
};

/** Whether it can become more than it started as, by what its platform lets one say. */
function judgeEscalation(one: DeploymentUnit): Judgement {
  const { title, at, platform, privileged, noNewPrivileges, dropsCapabilities } = one;
  const where = `${title} (${placeText(at)})`;
  if (platform === 'systemd') return judgeUnitEscalation(one, where);
  if (!['compose', 'kubernetes', 'ecs'].includes(platform)) return unsupportedSetting(one, 'capabilities');
  const [escalation, capabilities] =
    platform === 'kubernetes'
      ? ['no allowPrivilegeEscalation: false', 'no capabilities.drop ALL']
      : ['no security_opt no-new-privileges', 'no cap_drop ALL'];
  const missing = [
    ...(privileged ? ['runs privileged'] : []),
    ...(noNewPrivileges ? [] : [escalation]),
    ...(dropsCapabilities ? [] : [capabilities]),
  ];
  if (missing.length === 0)
    return pass(`${where}: no-new-privileges is set and every capability is dropped.`, at);
  // On Fargate neither can be asked for in full.
  return platform === 'ecs' && !privileged
    ? inconclusive(`${where}: ${missing.join(', ')}; what ECS grants depends on where it runs the task.`)
    : fail(`${where}: ${missing.join(', ')}.`, at);
}

/** A process without root and capabilities keeps none, and NoNewPrivileges= lets it gain none (systemd.exec(5)). */
function judgeUnitEscalation({ runs, noNewPrivileges, at }: DeploymentUnit, where: string): Judgement {
  if (runs === 'container client') return notApplicable(`${where} starts a container.`);
  return noNewPrivileges
    ? pass(`${where}: NoNewPrivileges is set.`, at)
    : fail(`${where}: neither NoNewPrivileges= nor DynamicUser= is set.`, at);
}
