import type { Declared } from '../../../evidence/declared.ts';
import type { ComposeService } from '../../../evidence/docker.ts';
import { withoutUndefined } from '../declared.ts';
import type { Lookup, Variable } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import { find, listLimit, listOf, scalarsOf } from '../formats/yaml-nodes.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../formats/yaml-tree.ts';
import {
  inspectCommand,
  masked,
  recordAssignment,
  recorded,
  recordUnknown,
  type Secrets,
} from '../secrets/literal-secrets.ts';
import { interpolate } from './interpolation.ts';
import { mapOfAssignments } from './merge.ts';
import { declaredAt, isTrue, textOf, texts } from './nodes.ts';
import {
  readBuild,
  readDeployRestart,
  readHealthcheck,
  readLogging,
  readPort,
  readRestart,
  readSeconds,
} from './sections.ts';

/**
 * Reads one merged service (Compose specification: services).
 *
 * @param directory where relative paths start: that of the project's first file, relative to the root
 */
export function readService(
  name: string,
  service: YamlEntry & { node: YamlMap },
  directory: string,
  secrets: Secrets,
): ComposeService {
  const get = (...keys: string[]) => find(service.node, ...keys);
  const environment = readAssignments(get('environment'), secrets);
  const image = textOf(get('image'));
  const build = readBuild(get('build'), directory);
  // Build arguments stay in the image's history, so a secret there is as public as the image.
  const args = readAssignments(get('build', 'args'), secrets).flatMap(({ name, recorded }) =>
    recorded.known && !recorded.value.includes(masked)
      ? [{ name: bounded(name, 100), value: recorded.value }]
      : [],
  );
  for (const node of ['command', 'entrypoint'].flatMap((key) => scalarsOf(get(key)))) {
    inspectCommand(secrets, textOf(node) ?? '', () => node.at);
  }
  const command = texts(get('command')).join(' ');
  return withoutUndefined({
    name: bounded(name, 100),
    at: service.at,
    image: image === undefined ? undefined : recorded(image),
    build: build && args.length > 0 ? { ...build, args } : build,
    profiles: texts(get('profiles')),
    user: declaredAt(get('user')),
    restart: readRestart(get('restart')),
    deployRestart: readDeployRestart(get('deploy', 'restart_policy')),
    healthcheck: readHealthcheck(get('healthcheck'), lookupOf(environment)),
    ports: listOf(get('ports')).flatMap(readPort),
    logging: readLogging(get('logging')),
    environment: environment.map(({ name, recorded }) => ({ name: bounded(name, 100), value: recorded })),
    memoryLimit: declaredAt(get('deploy', 'resources', 'limits', 'memory') ?? get('mem_limit')),
    cpuLimit: declaredAt(get('deploy', 'resources', 'limits', 'cpus') ?? get('cpus')),
    command: command === '' ? undefined : bounded(command),
    fileLimit: declaredAt(get('ulimits', 'nofile', 'soft') ?? get('ulimits', 'nofile')),
    stopSeconds: readSeconds(get('stop_grace_period')),
    stopSignal: declaredAt(get('stop_signal')),
    replicas: declaredAt(get('deploy', 'replicas') ?? get('scale')),
    capDrop: [...new Set(texts(get('cap_drop')))],
    privileged: isTrue(get('privileged')),
    noNewPrivileges: texts(get('security_opt')).some((option) =>
      /^no-new-privileges(?:[:=]true)?$/i.test(option.trim()),
    ),
    readOnly: isTrue(get('read_only')),
  });
}

interface Assignment {
  name: string;
  /** The value in the container, which addresses may contain. */
  variable: Variable;
  recorded: Declared<string>;
}

function readAssignments(node: YamlNode | undefined, secrets: Secrets): Assignment[] {
  const map = node?.kind === 'seq' ? mapOfAssignments(node) : node;
  if (map?.kind !== 'map') return [];
  return [...map.entries]
    .slice(0, listLimit)
    .map(([name, { node: value, at }]) => readAssignment(name, value, at, secrets));
}

function readAssignment(name: string, node: YamlNode, keyAt: YamlNode['at'], secrets: Secrets): Assignment {
  const text = node.kind === 'scalar' ? node.text : null;
  const at = text === null ? keyAt : node.at;
  const result =
    text === null ? { known: false as const, why: 'the environment of compose sets it' } : interpolate(text);
  if (!result.known) {
    const { why } = result;
    const recorded: Declared<string> = { known: false, text: recordUnknown(name, text ?? ''), why, at };
    return { name, variable: { state: 'unknown', why }, recorded };
  }
  const { value } = result;
  // A default is as public as any other literal.
  const kind = text === value ? undefined : 'a literal default';
  const recorded = recordAssignment(secrets, name, value, at, kind);
  return { name, variable: { state: 'set', value }, recorded: { known: true, value: recorded, at } };
}

function lookupOf(environment: Assignment[]): Lookup {
  const variables = new Map(environment.map(({ name, variable }) => [name, variable]));
  return (name) => variables.get(name) ?? { state: 'unset', why: `compose does not set ${name}` };
}
