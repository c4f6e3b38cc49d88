import type { Declared } from '../../../evidence/declared.ts';
import type { Workload, WorkloadCheck } from '../../../evidence/workload.ts';
import { withoutUndefined } from '../declared.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { type Assignment, listedAssignments, lookupOf, recordEnvironment } from './environment.ts';
import { describeHealthcheck } from './healthcheck.ts';
import { commandOf, declaredAt, inspectCommands, switchAt, textsAt } from './values.ts';

/** Reads the containers of an ECS task definition, as it is registered or as it is described (Amazon ECS: task definition). */
export function readTaskDefinition(root: YamlNode, secrets: Secrets): Workload[] {
  const task = find(root, 'taskDefinition') ?? root;
  return listOf(task, 'containerDefinitions').map((container) => readContainer(task, container, secrets));
}

function readContainer(task: YamlNode, container: YamlNode, secrets: Secrets): Workload {
  const assignments = listedAssignments(find(container, 'environment'));
  inspectCommands(secrets, container, 'entryPoint', 'command');
  const files = listOf(container, 'ulimits').find((limit) => textAt(limit, 'name') === 'nofile');
  const hardened = find(container, 'dockerSecurityOptions');
  return withoutUndefined({
    platform: 'ecs' as const,
    kind: 'task definition',
    name: bounded(textAt(task, 'family') ?? '', 100),
    at: container.at,
    container: bounded(textAt(container, 'name') ?? '', 100),
    image: declaredAt(container, 'image'),
    command: commandOf(find(container, 'entryPoint'), find(container, 'command')),
    user: declaredAt(container, 'user'),
    noNewPrivileges:
      hardened && textsAt(hardened).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option))
        ? ({ known: true, value: true, at: hardened.at } as const)
        : undefined,
    capDrop: textsAt(container, 'linuxParameters', 'capabilities', 'drop').map((name) => bounded(name, 100)),
    privileged: switchAt(container, 'privileged'),
    restart: restartOf(container),
    healthchecks: readCheck(container, assignments),
    environment: recordEnvironment(assignments, secrets),
    ports: listOf(container, 'portMappings').flatMap((port) => declaredAt(port, 'containerPort') ?? []),
    memoryLimit: declaredAt(container, 'memory') ?? declaredAt(task, 'memory'),
    // A container's own `cpu` is a share among others, not a limit.
    cpuLimit: declaredAt(task, 'cpu'),
    fileLimit: declaredAt(files, 'softLimit'),
    stopSeconds: declaredAt(container, 'stopTimeout'),
    logging: declaredAt(container, 'logConfiguration', 'logDriver'),
  });
}

/** `restartPolicy.enabled` as a policy, which other platforms have. */
function restartOf(container: YamlNode): Declared<string> | undefined {
  const enabled = switchAt(container, 'restartPolicy', 'enabled');
  return enabled?.known ? { ...enabled, value: enabled.value ? 'enabled' : 'disabled' } : enabled;
}

function readCheck(container: YamlNode, assignments: Assignment[]): WorkloadCheck[] {
  const check = find(container, 'healthCheck');
  const [kind, ...words] = textsAt(check, 'command');
  if (!check || kind === undefined || kind === 'NONE') return [];
  const command = kind === 'CMD-SHELL' ? words.join(' ') : kind === 'CMD' ? words : [kind, ...words];
  const interval = textAt(check, 'interval');
  const described = describeHealthcheck(
    command,
    lookupOf(assignments),
    interval === undefined ? undefined : `${interval}s`,
    check.at,
  );
  return [{ ...described, purpose: 'health' }];
}
