import type { Declared } from '../../../evidence/declared.ts';
import type { ComposeService } from '../../../evidence/docker.ts';
import type { Lookup, Variable } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import { find, listLimit, listOf } from '../formats/yaml-nodes.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../formats/yaml-tree.ts';
import {
  inspectCommand,
  masked,
  maskText,
  recordAssignment,
  recordUnknown,
  type Secrets,
} from '../secrets/literal-secrets.ts';
import { interpolate, textOf } from './interpolation.ts';
import { mapOfAssignments } from './merge.ts';
import { declaredAt, isTrue, scalarsOf, texts } from './nodes.ts';
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
  const get = (...keys: string[]) => find(service.node, keys);
  const environment = readAssignments(get('environment'), secrets);
  const image = textOf(get('image'));
  const build = readBuild(get('build'), directory);
  // Build arguments stay in the image's history, so a secret there is as public as the image.
  const args = readAssignments(get('build', 'args'), secrets).flatMap(({ name, recorded }) =>
    recorded.known && !recorded.value.includes(masked)
      ? [{ name: bounded(name, 100), value: recorded.value }]
      : [],
  );
  for (const key of ['command', 'entrypoint']) {
    for (const node of scalarsOf(get(key))) inspectCommand(secrets, textOf(node) ?? '', () => node.at);
  }
  const user = declaredAt(get('user'));
  const restart = readRestart(get('restart'));
  const deployRestart = readDeployRestart(get('deploy', 'restart_policy'));
  const healthcheck = readHealthcheck(get('healthcheck'), lookupOf(environment));
  const logging = readLogging(get('logging'));
  const memoryLimit = declaredAt(get('deploy', 'resources', 'limits', 'memory') ?? get('mem_limit'));
  const cpuLimit = declaredAt(get('deploy', 'resources', 'limits', 'cpus') ?? get('cpus'));
  const command = texts(get('command')).join(' ');
  const fileLimit = declaredAt(get('ulimits', 'nofile', 'soft') ?? get('ulimits', 'nofile'));
  const stopSeconds = readSeconds(get('stop_grace_period'));
  const stopSignal = declaredAt(get('stop_signal'));
  const replicas = declaredAt(get('deploy', 'replicas') ?? get('scale'));
  return {
    name: bounded(name, 100),
    at: service.at,
    ...(image === undefined ? {} : { image: bounded(maskText(image)) }),
    ...(build ? { build: args.length > 0 ? { ...build, args } : build } : {}),
    profiles: texts(get('profiles')),
    ...(user ? { user } : {}),
    ...(restart ? { restart } : {}),
    ...(deployRestart ? { deployRestart } : {}),
    ...(healthcheck ? { healthcheck } : {}),
    ports: listOf(get('ports')).flatMap(readPort),
    ...(logging ? { logging } : {}),
    environment: environment.map(({ name, recorded }) => ({ name: bounded(name, 100), value: recorded })),
    ...(memoryLimit ? { memoryLimit } : {}),
    ...(cpuLimit ? { cpuLimit } : {}),
    ...(command === '' ? {} : { command: bounded(command) }),
    ...(fileLimit ? { fileLimit } : {}),
    ...(stopSeconds ? { stopSeconds } : {}),
    ...(stopSignal ? { stopSignal } : {}),
    ...(replicas ? { replicas } : {}),
    capDrop: [...new Set(texts(get('cap_drop')))],
    privileged: isTrue(get('privileged')),
    noNewPrivileges: texts(get('security_opt')).some((option) =>
      /^no-new-privileges(?:[:=]true)?$/i.test(option.trim()),
    ),
    readOnly: isTrue(get('read_only')),
  };
}

interface Assignment {
  name: string;
  /** What the container gets, for filling in addresses. */
  variable: Variable;
  recorded: Declared<string>;
}

function readAssignments(node: YamlNode | undefined, secrets: Secrets): Assignment[] {
  const map = node?.kind === 'seq' ? mapOfAssignments(node) : node;
  if (map?.kind !== 'map') return [];
  return [...map.entries].slice(0, listLimit).map(([name, { node: value, at }]) => {
    if (value.kind !== 'scalar' || value.text === null) {
      const why = 'it is taken from the environment that compose runs in';
      return { name, variable: { state: 'unknown', why }, recorded: { known: false, text: '', why, at } };
    }
    const result = interpolate(value.text);
    if (!result.known) {
      const recorded = {
        known: false,
        text: recordUnknown(name, value.text),
        why: result.why,
        at: value.at,
      } as const;
      return { name, variable: { state: 'unknown', why: result.why }, recorded };
    }
    const recorded = recordAssignment(
      secrets,
      name,
      result.value,
      value.at,
      ...kindOf(value.text, result.value),
    );
    return {
      name,
      variable: { state: 'set', value: result.value },
      recorded: { known: true, value: recorded, at: value.at },
    };
  });
}

/** A default is as public as any other literal, and holds wherever nobody sets the variable. */
const kindOf = (text: string, value: string): string[] => (text === value ? [] : ['a literal default']);

function lookupOf(environment: Assignment[]): Lookup {
  const variables = new Map(environment.map(({ name, variable }) => [name, variable]));
  return (name) => variables.get(name) ?? { state: 'unset', why: `${name} is not set by compose` };
}
