import type { Workload, WorkloadCheck } from '../../../../evidence/workload.ts';
import { withoutUndefined } from '../../declared.ts';
import { bounded } from '../../files/text.ts';
import { find, listOf, textAt } from '../../formats/yaml-nodes.ts';
import type { YamlNode } from '../../formats/yaml-tree.ts';
import type { Secrets } from '../../secrets/literal-secrets.ts';
import { type Assignment, listedAssignments, lookupOf, recordEnvironment } from '../environment.ts';
import { describeHealthcheck, describeProbe, loopbackUrl } from '../healthcheck.ts';
import { commandOf, declaredAt, inspectCommands, switchAt, textsAt } from '../values.ts';
import { containersOf, type KubernetesObject, podSpecOf } from './objects.ts';

/** Jobs and CronJobs are not among them: they end. */
export const workloadKinds = new Set(
  'Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Pod'.split(' '),
);

const probes = { livenessProbe: 'liveness', readinessProbe: 'readiness', startupProbe: 'startup' } as const;

/** A workload for each container of an object (Kubernetes API: PodSpec v1, Container v1). */
export function readPods(object: KubernetesObject, secrets: Secrets): Workload[] {
  return containersOf(object.node).map((container) => readContainer(object, container, secrets));
}

function readContainer(object: KubernetesObject, container: YamlNode, secrets: Secrets): Workload {
  const pod = podSpecOf(object.node);
  const own = find(container, 'securityContext');
  const shared = find(pod, 'securityContext');
  const assignments = listedAssignments(find(container, 'env'));
  inspectCommands(secrets, container, 'command', 'args');
  const escalation = switchAt(own, 'allowPrivilegeEscalation');
  return withoutUndefined({
    platform: 'kubernetes' as const,
    kind: object.kind,
    name: bounded(object.name, 100),
    at: object.node.at,
    container: bounded(textAt(container, 'name') ?? '', 100),
    image: declaredAt(container, 'image'),
    command: commandOf(find(container, 'command'), find(container, 'args')),
    // A container overrides its pod.
    user: declaredAt(own, 'runAsUser') ?? declaredAt(shared, 'runAsUser'),
    nonRoot: switchAt(own, 'runAsNonRoot') ?? switchAt(shared, 'runAsNonRoot'),
    noNewPrivileges: escalation?.known ? { ...escalation, value: !escalation.value } : escalation,
    capDrop: textsAt(own, 'capabilities', 'drop').map((name) => bounded(name, 100)),
    privileged: switchAt(own, 'privileged'),
    restart: declaredAt(pod, 'restartPolicy'),
    healthchecks: Object.entries(probes).flatMap(([key, purpose]) =>
      readProbe(find(container, key), purpose, container, assignments),
    ),
    environment: recordEnvironment(assignments, secrets),
    ports: listOf(container, 'ports').flatMap((port) => declaredAt(port, 'containerPort') ?? []),
    memoryLimit: declaredAt(container, 'resources', 'limits', 'memory'),
    cpuLimit: declaredAt(container, 'resources', 'limits', 'cpu'),
    replicas: declaredAt(object.node, 'spec', 'replicas'),
    stopSeconds: declaredAt(pod, 'terminationGracePeriodSeconds'),
  });
}

function readProbe(
  probe: YamlNode | undefined,
  purpose: WorkloadCheck['purpose'],
  container: YamlNode,
  assignments: Assignment[],
): WorkloadCheck[] {
  if (probe?.kind !== 'map') return [];
  const period = textAt(probe, 'periodSeconds');
  const interval = period === undefined ? undefined : `${period}s`;
  const words = textsAt(probe, 'exec', 'command');
  if (words.length > 0) {
    return [{ ...describeHealthcheck(words, lookupOf(assignments), interval, probe.at), purpose }];
  }
  const http = find(probe, 'httpGet');
  if (http) return [{ ...describeProbe(urlOf(http, container), interval, http.at), purpose }];
  const kind = ['tcpSocket', 'grpc'].find((key) => find(probe, key));
  // Kubernetes refuses a probe without a handler.
  if (kind === undefined) return [];
  const command = `${kind} ${textAt(probe, kind, 'port') ?? ''}`;
  return [{ ...describeProbe(undefined, interval, probe.at, command), purpose }];
}

/** An `httpGet` as a URL; its port may be the name of one that the container declares. */
function urlOf(http: YamlNode, container: YamlNode): string {
  const named = textAt(http, 'port') ?? '';
  const declared = listOf(container, 'ports').find((port) => textAt(port, 'name') === named);
  const port = (declared ? textAt(declared, 'containerPort') : named) ?? '';
  const scheme = textAt(http, 'scheme')?.toLowerCase() === 'https' ? 'https' : 'http';
  return loopbackUrl(/^\d{1,5}$/.test(port) ? port : undefined, textAt(http, 'path') ?? '/', scheme);
}
