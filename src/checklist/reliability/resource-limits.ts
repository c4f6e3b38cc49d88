import { judgeServices } from '../reading/compose-services.ts';
import { placeText } from '../reading/stages.ts';
import { fail, pass, type Row } from '../row.ts';

export const resourceLimits: Row = {
  id: 'resource-limits',
  title: 'Memory and CPU limits declared',
  category: 'Reliability',
  level: 'recommended',
  why: 'One process that leaks takes the memory of everything else on the machine before anybody is told.',
  fix: 'Set deploy.resources.limits (memory and cpus) on the compose service, or the equivalent of your platform.',
  basis: [
    'Compose Deploy Specification, resources: https://docs.docker.com/reference/compose-file/deploy/#resources',
    'Kubernetes, resource management: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  criteria: (['memory', 'cpu'] as const).map((kind) => ({
    id: `${kind}-limit`,
    kind: 'core',
    title: kind === 'memory' ? 'A memory limit is declared' : 'A CPU limit is declared',
    declared: (project) =>
      judgeServices(project, ({ name, at, memoryLimit, cpuLimit }) => {
        const limit = kind === 'memory' ? memoryLimit : cpuLimit;
        return limit
          ? pass(`Service ${name}: ${limit.known ? limit.value : limit.text} (${placeText(limit.at)}).`)
          : fail(`Service ${name} (${placeText(at)}) has no ${kind} limit.`);
      }),
  })),
};
