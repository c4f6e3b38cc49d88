import path from 'node:path';
import { singleLine } from '../../../text/printable.ts';
import type { FileText } from '../files/read-file.ts';
import { withEntry } from '../formats/yaml-nodes.ts';
import { parseYamlTree, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml-tree.ts';
import { pause } from '../pause.ts';
import { longForm, mergeMaps } from './merge.ts';
import { textOf } from './nodes.ts';

export type ServiceEntry = YamlEntry & { node: YamlMap };

/** The services of one compose file by name, and the reason where it could not be read. */
export interface ComposeFile {
  file: string;
  services: Map<string, ServiceEntry>;
  /** Each of its services has an image or a build, so that the file works without a base file. */
  complete: boolean;
  /** Included compose files, as written. */
  includes: string[];
  problem?: string;
}

/** The text of a project's file, or why it was not read. */
export type ReadFile = (file: string) => Promise<FileText>;

const serviceLimit = 200;

/** The longest chain of services that extend each other. */
const extendsLimit = 20;

/** Values in all compose files of a project, with aliases and extended services written out. */
const valueLimit = 500_000;

/** Reads compose files, each once, and resolves what their services extend (Compose specification: extends). */
export class ComposeFiles {
  private readonly read: ReadFile;
  private readonly signal: AbortSignal;
  private readonly parsed = new Map<string, Promise<ComposeFile>>();
  private readonly resolved = new Map<ServiceEntry, Resolved>();
  private values = 0;

  constructor(read: ReadFile, signal: AbortSignal) {
    this.read = read;
    this.signal = signal;
  }

  /** One file with every `extends` resolved. */
  async load(file: string): Promise<ComposeFile> {
    const raw = await this.parse(file);
    const services = new Map<string, ServiceEntry>();
    let problem = raw.problem;
    for (const [name, entry] of raw.services) {
      const resolved = await this.resolve(file, name, entry, []);
      if ('problem' in resolved) problem ??= resolved.problem;
      services.set(name, 'problem' in resolved ? entry : resolved.entry);
    }
    const complete = [...services.values()].every(
      ({ node }) => node.entries.has('image') || node.entries.has('build'),
    );
    return { ...raw, services, complete, ...(problem === undefined ? {} : { problem }) };
  }

  private parse(file: string): Promise<ComposeFile> {
    const parsed = this.parsed.get(file) ?? this.parseNow(file);
    this.parsed.set(file, parsed);
    return parsed;
  }

  private async parseNow(file: string): Promise<ComposeFile> {
    const empty: ComposeFile = { file, services: new Map(), complete: false, includes: [] };
    const content = await this.read(file);
    if ('skipped' in content) return { ...empty, problem: content.skipped };
    const { root, problem } = await parseYamlTree(content.text, file, this.signal);
    if (problem !== undefined) return { ...empty, problem };
    if (root && !this.count(root)) return { ...empty, problem: tooMany };
    if (root?.kind === 'scalar' && root.text === null) return { ...empty, problem: 'the file is empty' };
    if (root?.kind !== 'map') return { ...empty, problem: notAMap };
    const services = root.entries.get('services');
    const includes = includesOf(root.entries.get('include')?.node);
    if (!services)
      return includes.length > 0 ? { ...empty, includes } : { ...empty, problem: 'the file has no services' };
    return { ...empty, includes, ...servicesOf(services.node) };
  }

  /** Counts the values of all files; false above the limit. */
  private count({ size }: YamlNode): boolean {
    this.values += size;
    return this.values <= valueLimit;
  }

  /** Resolves each service once. A failure is not kept: another chain may succeed. */
  private async resolve(
    file: string,
    name: string,
    entry: ServiceEntry,
    chain: string[],
  ): Promise<Resolved | { problem: string }> {
    await pause(this.signal);
    const parent = entry.node.entries.get('extends');
    if (!parent) return { entry, depth: 0 };
    const { line } = parent.at;
    const known = this.resolved.get(entry);
    if (chain.length + (known?.depth ?? 1) > extendsLimit)
      return { problem: `line ${line}: more than ${extendsLimit} services extend each other` };
    if (known) return known;
    const id = JSON.stringify([file, name]);
    if (chain.includes(id)) return { problem: `line ${line}: ${singleLine(name, 60)} extends itself` };
    const reference = referenceOf(parent.node, file);
    if (!reference) return { problem: `line ${line}: extends does not name a service` };

    const other = await this.parse(reference.file);
    const shown = singleLine(`${reference.service} of ${reference.file}`, 120);
    if (other.problem !== undefined) {
      return { problem: `line ${line}: ${shown} cannot be extended: ${other.problem}` };
    }
    const target = other.services.get(reference.service);
    if (!target) return { problem: `line ${line}: ${shown} does not exist` };
    const base = await this.resolve(reference.file, reference.service, target, [...chain, id]);
    if ('problem' in base) return base;
    const own = new Map(entry.node.entries);
    own.delete('extends');
    const from = path.posix.dirname(reference.file);
    const rebased = rebaseBuild(base.entry.node, from, path.posix.dirname(file));
    const node = mergeMaps(rebased, { ...entry.node, entries: own });
    if (!this.count(node)) return { problem: `line ${line}: ${tooMany}` };
    const resolved: Resolved = { entry: { ...entry, node }, depth: base.depth + 1 };
    this.resolved.set(entry, resolved);
    return resolved;
  }
}

/** A service with the services that it extends, and how many they are. */
interface Resolved {
  entry: ServiceEntry;
  depth: number;
}

const notAMap = 'the file is not a map';
const tooMany = `the compose files contain more than ${valueLimit} values`;

function servicesOf(node: YamlNode): { services: Map<string, ServiceEntry>; problem?: string } {
  const services = new Map<string, ServiceEntry>();
  if (node.kind !== 'map') return { services, problem: `line ${node.at.line}: services is not a map` };
  for (const [name, { node: service, at }] of node.entries) {
    if (services.size >= serviceLimit)
      return { services, problem: `line ${at.line}: more than ${serviceLimit} services` };
    if (service.kind !== 'map') {
      return { services, problem: `line ${at.line}: the service ${singleLine(name, 60)} is not a map` };
    }
    services.set(name, { node: service, at });
  }
  return { services };
}

/** `include: [a.yaml, {path: b.yaml}, {path: [c.yaml]}]`. */
function includesOf(node: YamlNode | undefined): string[] {
  if (!node) return [];
  if (node.kind === 'map') return includesOf(node.entries.get('path')?.node);
  if (node.kind === 'seq') return node.items.slice(0, 50).flatMap(includesOf);
  const text = textOf(node);
  return text === undefined ? [] : [text];
}

function referenceOf(node: YamlNode, file: string): { file: string; service: string } | undefined {
  const short = textOf(node);
  if (short !== undefined) return { file, service: short };
  if (node.kind !== 'map') return undefined;
  const service = textOf(node, 'service');
  const other = textOf(node, 'file');
  if (service === undefined) return undefined;
  return { service, file: other === undefined ? file : path.posix.join(path.posix.dirname(file), other) };
}

/** A path in an extended file starts from that file's directory. */
function rebaseBuild(service: YamlMap, from: string, to: string): YamlMap {
  const declared = service.entries.get('build');
  const build = declared && longForm('build', declared.node);
  const step = path.posix.relative(to, from);
  if (build?.kind !== 'map' || step === '') return service;
  const { at } = declared as YamlEntry;
  const context = build.entries.get('context') ?? { at, node: { kind: 'scalar', text: '.', at, size: 1 } };
  const { node } = context;
  if (node.kind !== 'scalar' || node.text === null || /^\/|:\/\/|^git@|\$/.test(node.text)) return service;
  const moved = { ...node, text: path.posix.join(step, node.text) };
  return withEntry(service, 'build', withEntry(build, 'context', moved, context.at), at);
}
