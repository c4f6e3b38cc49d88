import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { judgeUnits, unknownSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeFatalExit } from './port-taken.ts';
import { remedies } from './remedies.ts';

export const restartPolicy: Row = {
  id: 'restart-policy',
  title: 'Restart policy configured',
  category: 'Reliability',
  level: 'required',
  why: 'Without a restart policy, a process that crashes or runs out of memory stays down until a person starts it.',
  fix: 'Set "restart: unless-stopped" on the compose service, "Restart=always" in the systemd unit, or the equivalent on your platform.',
  basis: [
    'Production checklist: Reliability, "Restart policy configured" (Required)',
    'Compose specification, restart and deploy.restart_policy: https://docs.docker.com/reference/compose-file/services/#restart',
    'Kubernetes, pod lifecycle, restart policy: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
    'systemd.service(5), Restart=: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=',
    'Fly.io, machine restart policy: https://fly.io/docs/machines/guides-examples/machine-restart-policy/',
    'Heroku, dyno crash restart policy: https://devcenter.heroku.com/articles/dyno-crash-restart-policy',
    'Amazon ECS, container restart policies: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html',
    'PM2, restart strategies: https://pm2.keymetrics.io/docs/usage/restart-strategies/',
  ],
  remedies,
  only: { transport: 'http', because: 'its client restarts it' },
  headline: 'declared',
  criteria: [
    {
      id: 'declared',
      kind: 'core',
      attestable: { by: 'a supervisor that the project does not describe' },
      title: 'The platform restarts the server when it ends',
      declared: (project) => judgeUnits(project, judgeRestart),
    },
    {
      id: 'fatal-error-exits',
      kind: 'core',
      title: 'A fatal error at start ends the process with a non-zero code',
      proven: provenBy('port-taken', judgeFatalExit),
      experiment: 'start the server on a port that is taken',
    },
  ],
};

/** What the policies of a platform mean, and its default. */
interface Policies {
  restarts?: RegExp;
  stays?: RegExp;
  /** What the platform does without a policy; `text` completes a sentence about the server. */
  byDefault: { verdict: 'pass' | 'fail' | 'unclear'; text: string };
}

const policies: Record<DeploymentUnit['platform'], Policies> = {
  compose: {
    restarts: /^(?:always|unless-stopped|any|on-failure(?::\d+)?)$/,
    stays: /^(?:no|none)$/,
    byDefault: { verdict: 'fail', text: 'has no restart policy; the default of Docker is "no"' },
  },
  kubernetes: {
    restarts: /^(?:Always|OnFailure)$/,
    stays: /^Never$/,
    byDefault: { verdict: 'pass', text: 'sets no restartPolicy; the default of Kubernetes is Always' },
  },
  systemd: {
    restarts: /^(?:always|on-failure)$/,
    // These leave the process down after an error.
    stays: /^(?:no|on-success|on-abnormal|on-abort|on-watchdog)$/,
    byDefault: { verdict: 'fail', text: 'sets no Restart=; the default of systemd is "no"' },
  },
  fly: {
    restarts: /^(?:always|on-fail|on-failure)$/,
    stays: /^(?:no|never)$/,
    byDefault: { verdict: 'pass', text: 'sets no policy; the default of Fly.io is on-fail with 10 attempts' },
  },
  render: { byDefault: { verdict: 'pass', text: 'runs on Render; Render restarts a server that ends' } },
  procfile: { byDefault: { verdict: 'pass', text: 'runs on Heroku; Heroku restarts a server that crashes' } },
  ecs: {
    restarts: /^enabled$/,
    // An ECS service replaces the task even when its policy is disabled.
    byDefault: {
      verdict: 'unclear',
      text: 'has no restart policy. An ECS service replaces an ended task; a task without a service stays ended. Enable restartPolicy to cover both',
    },
  },
  pm2: {
    restarts: /true$/,
    stays: /false$/,
    byDefault: { verdict: 'pass', text: 'sets no autorestart; the default of PM2 is true' },
  },
};

function judgeRestart(unit: DeploymentUnit): Judgement {
  const { title, at, restart, platform } = unit;
  const { restarts, stays, byDefault } = policies[platform];
  if (!restart || (platform === 'ecs' && restart.policy.known && restart.policy.value === 'disabled')) {
    const finding = `${title} (${placeText(at)}) ${byDefault.text}.`;
    if (byDefault.verdict === 'unclear') return inconclusive(finding);
    return byDefault.verdict === 'pass' ? pass(finding, at) : fail(finding, at);
  }
  const { key, policy } = restart;
  if (!policy.known) return inconclusive(unknownSetting(title, key, policy));
  const finding = `${title} sets ${key}: ${policy.value.replace(/^autorestart: /, '')} (${placeText(policy.at)}).`;
  if (restarts?.test(policy.value)) return pass(finding, policy.at);
  return stays?.test(policy.value)
    ? fail(`${finding} The server stays down after an error.`, policy.at)
    : inconclusive(`${finding} The platform has no policy of this name.`);
}
