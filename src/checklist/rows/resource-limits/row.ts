import { placeText } from '../../../text/places.ts';
import { type DeploymentUnit, textOf } from '../../reading/server/deployment-unit.ts';
import { judgeUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { remedies } from './remedies.ts';

type Kind = 'memory' | 'cpu';

const names: Record<Kind, string> = { memory: 'memory', cpu: 'CPU' };

export const resourceLimits: Row = {
  id: 'resource-limits',
  title: 'Memory and CPU limits declared',
  category: 'Reliability',
  level: 'recommended',
  why: 'A process that leaks memory can take down everything else on its machine.',
  fix: 'Set deploy.resources.limits (memory and cpus) on the compose service, resources.limits in Kubernetes, MemoryMax and CPUQuota in systemd, or the equivalent on your platform.',
  basis: [
    'Compose Deploy Specification, resources: https://docs.docker.com/reference/compose-file/deploy/#resources',
    'Kubernetes, resource management: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'systemd.resource-control(5): https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html',
    'Fly.io, machine sizing: https://fly.io/docs/machines/guides-examples/machine-sizing/',
    'Render, instance types: https://render.com/docs/web-services#instance-types',
    'Amazon ECS, task definition parameters: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html',
    'PM2, memory limit: https://pm2.keymetrics.io/docs/usage/memory-limit/',
  ],
  remedies,
  only: { transport: 'http', because: 'its client runs it, not a deployment' },
  headline: 'memory-limit',
  criteria: (['memory', 'cpu'] as const).map((kind) => ({
    id: `${kind}-limit`,
    kind: 'core',
    attestable: { by: 'limits that the platform sets' },
    title: `The deployment declares a ${names[kind]} limit`,
    declared: (project) => judgeUnits(project, (unit) => judgeLimit(unit, kind)),
  })),
};

function judgeLimit(unit: DeploymentUnit, kind: Kind): Judgement {
  const { title, at, platform, runs } = unit;
  const limit = kind === 'memory' ? unit.memoryLimit : unit.cpuLimit;
  const where = `${title} (${placeText(at)})`;
  if (runs === 'container client') {
    return inconclusive(`${where} starts a container, and its own limits do not apply to that container.`);
  }
  if (limit) {
    return pass(
      `${title} declares the ${names[kind]} limit "${textOf(limit)}" (${placeText(limit.at)}).`,
      limit.at,
    );
  }
  switch (platform) {
    case 'fly':
      return pass(`${where} runs in a virtual machine of fixed size.`, at);
    case 'render':
      return pass(`${where} runs in an instance of fixed size.`, at);
    case 'procfile':
      return inconclusive(`${where} runs in a dyno of unknown size: a Procfile does not set it.`);
    case 'ecs':
      return inconclusive(`${where} has no ${names[kind]} limit for its task: the machine sets the limit.`);
    case 'pm2':
      return kind === 'cpu'
        ? unsupportedSetting(unit, 'a CPU limit')
        : fail(`${where} has no max_memory_restart, and PM2 has no default limit.`, at);
    default:
      return fail(`${where} has no ${names[kind]} limit.`, at);
  }
}
