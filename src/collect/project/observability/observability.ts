import type { Place } from '../../../evidence/declared.ts';
import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { parseTomlTree } from '../formats/toml-tree.ts';
import { pairsOf } from '../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlNode } from '../formats/yaml-tree.ts';
import { pause, untilAborted } from '../pause.ts';
import { readAlerting, textOf } from './alerts.ts';
import { readCollectors } from './collectors.ts';
import { readAlloy, readFluentBit, readFluentd } from './config-text.ts';

/** Configurations that are parsed. */
const fileLimit = 200;
/** Facts of each kind. */
const factLimit = 200;

/** Names of these configurations. */
const configurationFile = /\.(?:ya?ml|toml|conf|alloy|river)$/;

/** Keys of the formats that are known. A file with none of them is not parsed. */
const relevant =
  /\b(?:alert|receivers|contactPoints|scrape_configs|clients|pipelines?|sinks|filebeat|logs_enabled|kind:\s*(?:PrometheusRule|AlertmanagerConfig|ConfigMap))\b/;

/**
 * Reads the configurations of log collectors, alert rules and receivers, each by its tool's own format. Files
 * that cannot be parsed are ignored. When aborted, it returns what it has read.
 *
 * @param names the project's files, relative to its root
 */
export async function readObservability(names: string[], files: ProjectFiles): Promise<ObservabilityFacts> {
  const facts = noFacts();
  let read = 0;
  await untilAborted(files.signal, async () => {
    for (const file of names) {
      if (read >= fileLimit) break;
      if (!configurationFile.test(file)) continue;
      const content = await files.read(file);
      if (!('text' in content) || !isRelevant(file, content.text)) continue;
      read++;
      await readText(file, content.text, facts, files.signal);
    }
  });
  for (const list of Object.values(facts)) list.splice(factLimit);
  return facts;
}

const isRelevant = (file: string, text: string): boolean =>
  /\.(?:conf|alloy|river)$/.test(file) || relevant.test(text);

/** @param nested the text is a value of a ConfigMap, which cannot contain another one */
async function readText(
  file: string,
  text: string,
  facts: ObservabilityFacts,
  signal: AbortSignal,
  nested = false,
): Promise<void> {
  await pause(signal);
  if (/\.(?:alloy|river)$/.test(file)) readAlloy(text, file, facts);
  else if (file.endsWith('.conf')) {
    readFluentBit(text, file, facts);
    readFluentd(text, file, facts);
  } else if (file.endsWith('.toml')) {
    const { root } = parseTomlTree(text, file);
    if (root) readCollectors(root, facts);
  } else {
    for (const root of (await parseYamlTrees(text, file, signal)).roots) {
      await pause(signal);
      if (textOf(root, 'kind') !== 'ConfigMap') readAlerting(root, facts);
      else if (!nested) await readConfigMap(root, facts, signal);
      readCollectors(root, facts);
    }
  }
}

/** The files of a collector in a ConfigMap. Facts have the place of the file's value. */
async function readConfigMap(root: YamlNode, facts: ObservabilityFacts, signal: AbortSignal): Promise<void> {
  for (const [name, node] of pairsOf(root, 'data')) {
    const text = textOf(node);
    if (text === undefined || !configurationFile.test(name) || !isRelevant(name, text)) continue;
    const inner = noFacts();
    await readText(name, text, inner, signal, true);
    const placed = <T extends object>(found: readonly T[]): (T & { at: Place })[] =>
      found.map((item) => ({ ...item, at: node.at }));
    facts.logCollectors.push(...placed(inner.logCollectors));
    facts.alertRules.push(...placed(inner.alertRules));
    facts.alertReceivers.push(...placed(inner.alertReceivers));
  }
}

const noFacts = (): ObservabilityFacts => ({ logCollectors: [], alertRules: [], alertReceivers: [] });
