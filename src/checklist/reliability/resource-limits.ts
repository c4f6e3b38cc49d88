import { judgeServices } from '../reading/compose-services.ts';
import { placeText } from '../reading/server-image.ts';
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
      judgeServices(project, (services) => {
        const limited = services.map((service) => ({
          service,
          limit: kind === 'memory' ? service.memoryLimit : service.cpuLimit,
        }));
        const free = limited.find(({ limit }) => !limit);
        if (free)
          return fail(`Service ${free.service.name} (${placeText(free.service.at)}) has no ${kind} limit.`);
        const texts = limited.flatMap(({ service, limit }) =>
          limit
            ? [`${service.name}: ${limit.known ? limit.value : limit.text} (${placeText(limit.at)})`]
            : [],
        );
        return pass(`${texts.join('; ')}.`);
      }),
  })),
};
