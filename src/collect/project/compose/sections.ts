import path from 'node:path';
import type { Declared, Healthcheck, Place } from '../../../evidence/declared.ts';
import type { ComposeService } from '../../../evidence/docker.ts';
import { withoutUndefined } from '../declared.ts';
import type { Lookup } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import { find, listOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { describeHealthcheck, durationSeconds } from '../platforms/healthcheck.ts';
import { maskText, recorded } from '../secrets/literal-secrets.ts';
import { declaredAt, isTrue, textOf } from './nodes.ts';

/** Paths relative to the root, so that the Dockerfile can be found among those that were read. */
export function readBuild(node: YamlNode | undefined, directory: string): ComposeService['build'] {
  const short = textOf(node);
  if (short === undefined && node?.kind !== 'map') return undefined;
  const context = short ?? textOf(node, 'context') ?? '.';
  const target = textOf(node, 'target');
  const inline = find(node, 'dockerfile_inline');
  const dockerfile = inline ? '(inline)' : (textOf(node, 'dockerfile') ?? 'Dockerfile');
  return {
    context: recorded(fromRoot(directory, context)),
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
export function readRestart(node: YamlNode | undefined): Declared<string> | undefined {
  const restart = declaredAt(node);
  if (restart?.known && /^(?:no|false|off|n)$/i.test(restart.value)) return { ...restart, value: 'no' };
  return restart;
}

/** `deploy.restart_policy.condition`; a policy without one is Docker's default (Compose deploy specification). */
export function readDeployRestart(node: YamlNode | undefined): Declared<string> | undefined {
  if (node === undefined) return undefined;
  return readRestart(find(node, 'condition')) ?? { known: true, value: 'any', at: node.at };
}

/** `healthcheck`; undefined also where it only changes the timing of the image's own check. */
export function readHealthcheck(node: YamlNode | undefined, lookup: Lookup): Healthcheck | undefined {
  if (node?.kind !== 'map') return undefined;
  const none = (at: Place): Healthcheck => ({ kind: 'none', command: '', urls: [], at });
  const disable = find(node, 'disable');
  if (disable && isTrue(disable)) return none(disable.at);
  const test = find(node, 'test');
  const interval = textOf(node, 'interval');
  if (test?.kind === 'scalar' && test.text !== null) {
    return describeHealthcheck(textOf(test) ?? '', lookup, interval, test.at);
  }
  if (test?.kind !== 'seq') return undefined;
  const [kind, ...words] = listOf(test).map((item) => textOf(item) ?? '');
  if (kind === 'NONE') return none(test.at);
  return describeHealthcheck(kind === 'CMD-SHELL' ? words.join(' ') : words, lookup, interval, test.at);
}

/** A duration as a number of seconds. */
export function readSeconds(node: YamlNode | undefined): Declared<string> | undefined {
  const declared = declaredAt(node);
  if (!declared?.known) return declared;
  const seconds = durationSeconds(declared.value);
  return seconds === undefined
    ? { known: false, text: declared.value, why: 'the value is not a duration', at: declared.at }
    : { ...declared, value: String(seconds) };
}

/** Driver and options of `logging`. The default is Docker's own driver. */
export function readLogging(node: YamlNode | undefined): ComposeService['logging'] {
  if (node?.kind !== 'map') return undefined;
  const options = new Map<string, string>();
  const declared = find(node, 'options');
  for (const [name, { node: value }] of declared?.kind === 'map' ? declared.entries : []) {
    if (options.size >= 50) break;
    // An option's name shows whether its value is a secret: splunk-token.
    const text = maskText(`${name}=${textOf(value) ?? ''}`).slice(name.length + 1);
    options.set(bounded(name, 100), bounded(text));
  }
  const driver = bounded(textOf(node, 'driver') ?? 'json-file', 100);
  const { at } = find(node, 'driver') ?? node;
  return { driver, options: Object.fromEntries(options), at };
}

/** `[[host:]published:]target[/protocol]`, or the long form (Compose specification: ports). */
export function readPort(node: YamlNode): ComposeService['ports'] {
  const field = (text: string | undefined) => (text ? bounded(text, 100) : undefined);
  const port = (target: string, published?: string, hostIp?: string) => [
    withoutUndefined({ published: field(published), target: bounded(target, 100), hostIp: field(hostIp) }),
  ];
  if (node.kind === 'map') {
    const target = textOf(node, 'target');
    return target === undefined ? [] : port(target, textOf(node, 'published'), textOf(node, 'host_ip'));
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
