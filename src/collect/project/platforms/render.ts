import path from 'node:path';
import type { Workload, WorkloadCheck } from '../../../evidence/workload.ts';
import { withoutUndefined } from '../declared.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { listedAssignments, recordEnvironment } from './environment.ts';
import { describeProbe, loopbackUrl } from './healthcheck.ts';
import { declaredAt } from './values.ts';

/** Static sites, jobs and databases are not among them. */
const longRunning = new Set(['web', 'pserv', 'worker']);

/** Reads a Render blueprint (Render: Blueprint YAML reference). */
export function readRender(root: YamlNode, secrets: Secrets): Workload[] {
  const shared = listOf(root, 'envVarGroups').flatMap((group) =>
    listedAssignments(find(group, 'envVars'), 'key'),
  );
  recordEnvironment(shared, secrets);
  const nested = listOf(root, 'projects').flatMap((project) =>
    listOf(project, 'environments').flatMap((environment) => listOf(environment, 'services')),
  );
  return [...listOf(root, 'services'), ...nested].flatMap((service) => {
    const runtime = textAt(service, 'runtime') ?? textAt(service, 'env');
    return longRunning.has(textAt(service, 'type') ?? '') && runtime !== 'static'
      ? [readService(service, runtime, secrets)]
      : [];
  });
}

function readService(service: YamlNode, runtime: string | undefined, secrets: Secrets): Workload {
  const folder = textAt(service, 'rootDir') ?? '.';
  const dockerfile = textAt(service, 'dockerfilePath') ?? 'Dockerfile';
  const environment = listedAssignments(find(service, 'envVars'), 'key');
  return withoutUndefined({
    platform: 'render' as const,
    kind: textAt(service, 'type') ?? '',
    name: bounded(textAt(service, 'name') ?? '', 100),
    at: service.at,
    image: declaredAt(service, 'image', 'url'),
    dockerfile: runtime === 'docker' ? bounded(path.posix.join(folder, dockerfile)) : undefined,
    command: declaredAt(service, 'dockerCommand') ?? declaredAt(service, 'startCommand'),
    capDrop: [],
    healthchecks: readCheck(service),
    environment: recordEnvironment(environment, secrets),
    ports: [],
    memoryLimit: declaredAt(service, 'plan'),
    cpuLimit: declaredAt(service, 'plan'),
    replicas: declaredAt(service, 'scaling', 'maxInstances') ?? declaredAt(service, 'numInstances'),
    stopSeconds: declaredAt(service, 'maxShutdownDelaySeconds'),
  });
}

function readCheck(service: YamlNode): WorkloadCheck[] {
  const found = find(service, 'healthCheckPath');
  const where = textAt(found);
  if (!found || where === undefined) return [];
  return [{ ...describeProbe(loopbackUrl(undefined, where), undefined, found.at), purpose: 'health' }];
}
