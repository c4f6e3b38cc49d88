import path from 'node:path';
import type { ComposeService, Declared, Healthcheck, Place } from '../../evidence/project.ts';
import { mapOfAssignments } from './compose-merge.ts';
import type { Lookup, Variable } from './dockerfile-variables.ts';
import { describeHealthcheck } from './healthcheck.ts';
import { declaredText, interpolate, textOf } from './interpolation.ts';
import { inspectCommand, maskText, recordAssignment, type Secrets } from './literal-secrets.ts';
import { bounded } from './text.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts';

/** Of anything that can be listed in a service. */
const listLimit = 500;

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
  readAssignments(get('build', 'args'), secrets);
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
  return {
    name: bounded(name, 100),
    at: service.at,
    ...(image === undefined ? {} : { image: bounded(maskText(image)) }),
    ...(build ? { build } : {}),
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
    capDrop: [...new Set(texts(get('cap_drop')))],
    privileged: isTrue(get('privileged')),
    noNewPrivileges: texts(get('security_opt')).some((option) =>
      /^no-new-privileges(?:[:=]true)?$/i.test(option.trim()),
    ),
    readOnly: isTrue(get('read_only')),
  };
}

function find(node: YamlNode | undefined, keys: string[]): YamlNode | undefined {
  let current = node;
  for (const key of keys) {
    current = current?.kind === 'map' ? current.entries.get(key)?.node : undefined;
  }
  return current;
}

function listOf(node: YamlNode | undefined): YamlNode[] {
  return node?.kind === 'seq' ? node.items.slice(0, listLimit) : [];
}

function scalarsOf(node: YamlNode | undefined): YamlNode[] {
  return node?.kind === 'scalar' ? [node] : listOf(node);
}

function texts(node: YamlNode | undefined): string[] {
  return scalarsOf(node).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [bounded(maskText(text))];
  });
}

function declaredAt(node: YamlNode | undefined): Declared<string> | undefined {
  return node?.kind === 'scalar' && node.text !== null ? declaredText(node) : undefined;
}

/** Compose takes what YAML 1.1 called booleans for such, and strings of them, too. */
function isTrue(node: YamlNode | undefined): boolean {
  return /^(?:true|yes|on|y|1)$/i.test(textOf(node) ?? '');
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
        text: bounded(maskText(value.text)),
        why: result.why,
        at: value.at,
      } as const;
      return { name, variable: { state: 'unknown', why: result.why }, recorded };
    }
    const recorded = recordAssignment(secrets, name, result.value, value.at);
    return {
      name,
      variable: { state: 'set', value: result.value },
      recorded: { known: true, value: recorded, at: value.at },
    };
  });
}

function lookupOf(environment: Assignment[]): Lookup {
  const variables = new Map(environment.map(({ name, variable }) => [name, variable]));
  return (name) => variables.get(name) ?? { state: 'unset', why: `${name} is not set by compose` };
}

/** Paths relative to the root, so that the Dockerfile can be found among those that were read. */
function readBuild(node: YamlNode | undefined, directory: string): ComposeService['build'] {
  const short = textOf(node);
  if (short === undefined && node?.kind !== 'map') return undefined;
  const context = short ?? textOf(find(node, ['context'])) ?? '.';
  const target = textOf(find(node, ['target']));
  const inline = find(node, ['dockerfile_inline']);
  const dockerfile = inline ? '(inline)' : (textOf(find(node, ['dockerfile'])) ?? 'Dockerfile');
  return {
    context: bounded(maskText(fromRoot(directory, context))),
    dockerfile: bounded(inline ? dockerfile : fromRoot(fromRoot(directory, context), dockerfile)),
    ...(target === undefined ? {} : { target: bounded(target) }),
  };
}

function fromRoot(directory: string, file: string): string {
  const remote = /^[a-z][a-z\d+.-]*:\/\/|^git@/i.test(file) || file.includes('$');
  return remote || path.posix.isAbsolute(file)
    ? file
    : path.posix.join(directory, file).replace(/(.)\/$/, '$1');
}

/** `restart: no` is the boolean false for YAML 1.1, and the policy "no" for Docker. */
function readRestart(node: YamlNode | undefined): Declared<string> | undefined {
  const restart = declaredAt(node);
  if (restart?.known && /^(?:no|false|off|n)$/i.test(restart.value)) return { ...restart, value: 'no' };
  return restart;
}

function readDeployRestart(node: YamlNode | undefined): Declared<string> | undefined {
  if (node === undefined) return undefined;
  return readRestart(find(node, ['condition'])) ?? { known: true, value: 'any', at: node.at };
}

/** Undefined also for one that only changes the timing of the image's own check. */
function readHealthcheck(node: YamlNode | undefined, lookup: Lookup): Healthcheck | undefined {
  if (node?.kind !== 'map') return undefined;
  const none = (at: Place): Healthcheck => ({ kind: 'none', command: '', urls: [], at });
  const disable = find(node, ['disable']);
  if (disable && isTrue(disable)) return none(disable.at);
  const test = find(node, ['test']);
  const interval = textOf(find(node, ['interval']));
  if (test?.kind === 'scalar' && test.text !== null) {
    return describeHealthcheck(textOf(test) ?? '', lookup, interval, test.at);
  }
  if (test?.kind !== 'seq') return undefined;
  const [kind, ...words] = listOf(test).map((item) => textOf(item) ?? '');
  if (kind === 'NONE') return none(test.at);
  return describeHealthcheck(kind === 'CMD-SHELL' ? words.join(' ') : words, lookup, interval, test.at);
}

function readLogging(node: YamlNode | undefined): ComposeService['logging'] {
  if (node?.kind !== 'map') return undefined;
  const options: Record<string, string> = {};
  const declared = find(node, ['options']);
  for (const [name, { node: value }] of declared?.kind === 'map' ? declared.entries : []) {
    if (Object.keys(options).length >= 50) break;
    // The name tells what an option holds: splunk-token.
    const text = maskText(`${name}=${textOf(value) ?? ''}`).slice(name.length + 1);
    Object.defineProperty(options, bounded(name, 100), { value: bounded(text), enumerable: true });
  }
  return { driver: bounded(textOf(find(node, ['driver'])) ?? 'json-file', 100), options, at: node.at };
}

/** `[[host:]published:]target[/protocol]`, or the long form (Compose specification: ports). */
function readPort(node: YamlNode): ComposeService['ports'] {
  const port = (target: string, published?: string, hostIp?: string) => [
    {
      ...(published ? { published: bounded(published, 100) } : {}),
      target: bounded(target, 100),
      ...(hostIp ? { hostIp: bounded(hostIp, 100) } : {}),
    },
  ];
  if (node.kind === 'map') {
    const target = textOf(find(node, ['target']));
    const field = (key: string) => textOf(find(node, [key]));
    return target === undefined ? [] : port(target, field('published'), field('host_ip'));
  }
  const text = textOf(node)
    ?.slice(0, 300)
    .replace(/\/(?:tcp|udp|sctp)$/, '');
  if (text === undefined || text === '') return [];
  const parts = text.match(/\$\{[^}]*\}|\[[^\]]*\]|[^:]+/g) ?? [];
  const target = parts.at(-1) ?? '';
  if (parts.length === 1) return port(target);
  const hostIp = parts
    .slice(0, -2)
    .join(':')
    .replace(/^\[(.*)\]$/, '$1');
  return port(target, parts.at(-2), hostIp);
}
