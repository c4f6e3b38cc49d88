import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, needsExperiment, pass, type Row } from '../../row.ts';
import { judgeFatalExit } from './port-taken.ts';
import { remedies } from './remedies.ts';

export const restartPolicy: Row = {
  id: 'restart-policy',
  title: 'Restart policy configured',
  category: 'Reliability',
  level: 'required',
  why: 'A process that ends at three in the morning, out of memory or by a bug, stays down until somebody starts it again.',
  fix: 'Set "restart: unless-stopped" on the compose service, "Restart=always" in the systemd unit, or the equivalent of your platform.',
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
  only: { transport: 'http', because: 'the client that starts it starts it again' },
  headline: 'declared',
  criteria: [
    {
      id: 'declared',
      kind: 'core',
      title: 'The platform starts the server again when it ends',
      declared: (project) => judgeUnits(project, judgeRestart),
    },
    {
      id: 'fatal-error-exits',
      kind: 'core',
      title: 'A fatal error at start ends the process with a non-zero code, so that the policy can act',
      proven: provenBy('port-taken', judgeFatalExit),
      unseen: needsExperiment('start the server on a port that is taken'),
    },
  ],
};

/** What a platform's words for a policy mean, and what it does when nothing is said. */
interface Policies {
  restarts: RegExp;
  stays: RegExp;
  unsaid: { verdict: 'pass' | 'fail' | 'unclear'; because: string };
}

const policies: Record<DeploymentUnit['platform'], Policies> = {
  compose: {
    restarts: /^(?:always|unless-stopped|any|on-failure(?::\d+)?)$/,
    stays: /^(?:no|none)$/,
    unsaid: { verdict: 'fail', because: 'has no restart policy, and Docker\'s default is "no"' },
  },
  kubernetes: {
    restarts: /^(?:Always|OnFailure)$/,
    stays: /^Never$/,
    unsaid: {
      verdict: 'pass',
      because: 'is restarted by Kubernetes, whose default is restartPolicy: Always',
    },
  },
  systemd: {
    restarts: /^(?:always|on-failure)$/,
    // The others leave a process down that exited with an error.
    stays: /^(?:no|on-success|on-abnormal|on-abort|on-watchdog)$/,
    unsaid: { verdict: 'fail', because: 'has no Restart=, and systemd\'s default is "no"' },
  },
  fly: {
    restarts: /^(?:always|on-fail|on-failure)$/,
    stays: /^(?:no|never)$/,
    unsaid: {
      verdict: 'pass',
      because: 'is restarted by Fly.io, whose default is on-fail with up to ten tries',
    },
  },
  render: {
    restarts: /$^/,
    stays: /$^/,
    unsaid: { verdict: 'pass', because: 'is restarted by Render when it ends' },
  },
  procfile: {
    restarts: /$^/,
    stays: /$^/,
    unsaid: { verdict: 'pass', because: 'is restarted by Heroku when it crashes' },
  },
  ecs: {
    restarts: /^enabled$/,
    // A service replaces the task all the same.
    stays: /$^/,
    unsaid: {
      verdict: 'unclear',
      because:
        'has no restart policy of its own: an ECS service replaces a task that ended, and a task that was run alone stays ended. Enable restartPolicy to make it certain',
    },
  },
  pm2: {
    restarts: /true$/,
    stays: /false$/,
    unsaid: { verdict: 'pass', because: 'is restarted by PM2, whose default is autorestart: true' },
  },
};

function judgeRestart(unit: DeploymentUnit): Judgement {
  const { title, at, restart, platform } = unit;
  const { restarts, stays, unsaid } = policies[platform];
  if (!restart || (platform === 'ecs' && restart.policy.known && restart.policy.value === 'disabled')) {
    const finding = `${title} (${placeText(at)}) ${unsaid.because}.`;
    if (unsaid.verdict === 'unclear') return inconclusive(finding);
    return unsaid.verdict === 'pass' ? pass(finding, at) : fail(finding, at);
  }
  const { key, policy } = restart;
  if (!policy.known) return inconclusive(`${key}: ${policy.text} (${placeText(policy.at)}): ${policy.why}`);
  const finding = `${title}: ${key}: ${policy.value.replace(/^autorestart: /, '')} (${placeText(policy.at)}).`;
  if (restarts.test(policy.value)) return pass(finding, policy.at);
  return stays.test(policy.value)
    ? fail(finding, policy.at)
    : inconclusive(`${finding} The platform knows no such policy.`);
}
