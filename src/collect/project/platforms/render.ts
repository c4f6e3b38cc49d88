import path from 'node:path';
import type { Workload, WorkloadCheck } from '../../../evidence/workload.ts';
import { bounded } from '../files/text.ts';
import { find, listOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { maskText, type Secrets } from '../secrets/literal-secrets.ts';
import { listedAssignments, recordEnvironment } from './environment.ts';
import { declaredAt, present, textAt } from './values.ts';

/** What runs code for as long as it is there. Static sites, jobs and databases do not. */
const lasting = new Set(['web', 'pserv', 'worker']);

/** Reads a Render blueprint (Render: Blueprint YAML reference). */
export function readRender(root: YamlNode, secrets: Secrets): Workload[] {
  const shared = listOf(find(root, ['envVarGroups'])).flatMap((group) =>
    listedAssignments(find(group, ['envVars']), 'key'),
  );
  recordEnvironment(shared, secrets);
  const nested = listOf(find(root, ['projects'])).flatMap((project) =>
    listOf(find(project, ['environments'])).flatMap((environment) => listOf(find(environment, ['services']))),
  );
  return [...listOf(find(root, ['services'])), ...nested].flatMap((service) => {
    const runtime = textAt(service, 'runtime') ?? textAt(service, 'env');
    return lasting.has(textAt(service, 'type') ?? '') && runtime !== 'static'
      ? [readService(service, runtime, secrets)]
      : [];
  });
}

function readService(service: YamlNode, runtime: string | undefined, secrets: Secrets): Workload {
  const folder = textAt(service, 'rootDir') ?? '.';
  const dockerfile = textAt(service, 'dockerfilePath') ?? 'Dockerfile';
  const environment = listedAssignments(find(service, ['envVars']), 'key');
  return present({
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
  const found = find(service, ['healthCheckPath']);
  const where = textAt(found);
  if (!found || where === undefined) return [];
  const url = bounded(maskText(`http://127.0.0.1${where.startsWith('/') ? '' : '/'}${where}`));
  return [{ kind: 'command', command: `GET ${url}`, urls: [url], at: found.at, purpose: 'health' }];
}
