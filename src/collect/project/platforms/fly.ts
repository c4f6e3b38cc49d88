import path from 'node:path';
import type { Declared } from '../../../evidence/declared.ts';
import type { Workload, WorkloadCheck } from '../../../evidence/workload.ts';
import { withoutUndefined } from '../declared.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, pairsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { mappedAssignments, recordEnvironment } from './environment.ts';
import { describeProbe, durationSeconds, loopbackUrl } from './healthcheck.ts';
import { declaredAt, declaredText, textsAt } from './values.ts';

/**
 * Reads a Fly app: a workload for each process group with services, or for each group where none has services (Fly.io:
 * fly.toml reference).
 *
 * @param directory where the file is, relative to the root; its paths start there
 */
export function readFly(root: YamlNode, directory: string, secrets: Secrets): Workload[] {
  const groups = pairsOf(root, 'processes');
  const all = groups.length > 0 ? groups.map(([name]) => name) : ['app'];
  const serving = all.filter((group) => servicesOf(root, group).length > 0);
  return (serving.length > 0 ? serving : all).map((group) => readGroup(root, group, directory, secrets));
}

function readGroup(root: YamlNode, group: string, directory: string, secrets: Secrets): Workload {
  const restart = forGroup(listOf(root, 'restart'), group) ?? find(root, 'restart');
  const machine = forGroup(listOf(root, 'vm'), group) ?? find(root, 'vm');
  const services = servicesOf(root, group);
  const dockerfile = textAt(root, 'build', 'dockerfile');
  const builder = find(root, 'build', 'builder') ?? find(root, 'build', 'buildpacks');
  const image: Declared<string> | undefined = builder
    ? { known: false, text: 'a buildpack', why: 'a buildpack builds the image', at: builder.at }
    : declaredAt(root, 'build', 'image');
  const app = textAt(root, 'app') ?? group;
  return withoutUndefined({
    platform: 'fly' as const,
    kind: 'app',
    name: bounded(group === 'app' ? app : `${app} (${group})`, 100),
    at: { file: root.at.file, line: 1 },
    image,
    dockerfile: dockerfile === undefined ? undefined : bounded(path.posix.join(directory, dockerfile)),
    command: declaredAt(root, 'processes', group),
    capDrop: [],
    restart: declaredAt(restart, 'policy'),
    healthchecks: [
      ...services.flatMap(checksOf),
      ...pairsOf(root, 'checks').flatMap(([, check]) => readCheck(check)),
    ],
    environment: recordEnvironment(mappedAssignments(find(root, 'env')), secrets),
    ports: services.flatMap((service) => declaredAt(service, 'internal_port') ?? []),
    memoryLimit:
      declaredAt(machine, 'memory') ?? declaredAt(machine, 'memory_mb') ?? declaredAt(machine, 'size'),
    cpuLimit: declaredAt(machine, 'cpus') ?? declaredAt(machine, 'size'),
    replicas: services.map(severalOf).find(Boolean),
    stopSeconds: secondsAt(root, 'kill_timeout'),
    stopSignal: declaredAt(root, 'kill_signal'),
  });
}

/** How many machines always run. One is no evidence: autostart may add more. */
function severalOf(service: YamlNode): Declared<string> | undefined {
  const least = declaredAt(service, 'min_machines_running');
  return least?.known && Number(least.value) > 1 ? least : undefined;
}

/** The entry of a list for this process group. An entry without groups is for all. */
function forGroup(entries: YamlNode[], group: string): YamlNode | undefined {
  return entries.find((entry) => {
    const processes = textsAt(entry, 'processes');
    return processes.length === 0 || processes.includes(group);
  });
}

function servicesOf(root: YamlNode, group: string): YamlNode[] {
  const services = [find(root, 'http_service'), ...listOf(root, 'services')];
  return services.flatMap((service) => (service && forGroup([service], group)) || []);
}

function checksOf(service: YamlNode): WorkloadCheck[] {
  const port = textAt(service, 'internal_port');
  const lists = ['checks', 'http_checks', 'tcp_checks'].flatMap((key) =>
    listOf(service, key).map((check) => ({ check, http: key !== 'tcp_checks' })),
  );
  return lists.flatMap(({ check, http }) => readCheck(check, port, http));
}

function readCheck(
  check: YamlNode,
  servicePort?: string,
  http = textAt(check, 'type') === 'http',
): WorkloadCheck[] {
  if (check.kind !== 'map') return [];
  const port = textAt(check, 'port') ?? servicePort;
  const at = find(check, 'path')?.at ?? check.at;
  const url = http ? loopbackUrl(port, textAt(check, 'path') ?? '/') : undefined;
  const command = url === undefined ? `TCP connection to port ${port ?? ''}` : undefined;
  return [{ ...describeProbe(url, textAt(check, 'interval'), at, command), purpose: 'health' }];
}

/** Seconds as a number or as a duration, `30s`. */
function secondsAt(root: YamlNode, key: string): Declared<string> | undefined {
  const found = find(root, key);
  const text = textAt(found);
  if (!found || text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : durationSeconds(text);
  return declaredText(seconds === undefined ? text : String(seconds), found.at);
}
