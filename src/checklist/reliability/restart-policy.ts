import type { ComposeService } from '../../evidence/project.ts';
import { judgeServices } from '../reading/compose-services.ts';
import { placeText } from '../reading/stages.ts';
import { fail, inconclusive, type Judgement, needsExperiment, pass, type Row } from '../row.ts';

export const restartPolicy: Row = {
  id: 'restart-policy',
  title: 'Restart policy configured',
  category: 'Reliability',
  level: 'required',
  why: 'A process that ends at three in the morning, out of memory or by a bug, stays down until somebody starts it again.',
  fix: 'Set "restart: unless-stopped" on the compose service, or the equivalent of your platform.',
  basis: [
    'Production checklist: Reliability, "Restart policy configured" (Required)',
    'Compose specification, restart and deploy.restart_policy: https://docs.docker.com/reference/compose-file/services/#restart',
  ],
  criteria: [
    {
      id: 'declared',
      kind: 'core',
      title: 'The platform starts the server again when it ends',
      declared: (project) => judgeServices(project, judgeService),
    },
    {
      id: 'fatal-error-exits',
      kind: 'core',
      title: 'A fatal error at start ends the process with a non-zero code, so that the policy can act',
      unseen: needsExperiment('start the server on a port that is taken'),
    },
  ],
};

/** `deploy.restart_policy` takes the place of `restart` where both stand (Compose Deploy Specification). */
function judgeService(service: ComposeService): Judgement {
  const policy = service.deployRestart ?? service.restart;
  if (!policy) {
    return fail(
      `Service ${service.name} (${placeText(service.at)}) has no restart policy, and Docker's default is "no".`,
    );
  }
  const key = service.deployRestart ? 'deploy.restart_policy.condition' : 'restart';
  if (!policy.known) return inconclusive(`${key}: ${policy.text} (${placeText(policy.at)}): ${policy.why}`);
  const finding = `Service ${service.name}: ${key}: ${policy.value} (${placeText(policy.at)}).`;
  if (restarts(policy.value)) return pass(finding);
  return ['no', 'none'].includes(policy.value)
    ? fail(finding)
    : inconclusive(`${finding} Docker knows no such policy.`);
}

const restarts = (policy: string): boolean =>
  ['always', 'unless-stopped', 'any', 'on-failure'].includes(policy) || /^on-failure:\d+$/.test(policy);
