import type { Place } from '../../../evidence/declared.ts';
import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { breathe, untilAborted } from '../breathe.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { parseTomlTree } from '../formats/toml-tree.ts';
import { find, pairsOf } from '../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlNode } from '../formats/yaml-tree.ts';
import { readAlerting, textOf } from './alerts.ts';
import { readCollectors } from './collectors.ts';
import { readAlloy, readFluentBit, readFluentd } from './config-text.ts';

/** Configurations that are parsed; people have a handful. */
const fileLimit = 200;
/** Of each kind of fact; more would only repeat the finding. */
const factLimit = 200;

/** Names that these configurations have. */
const configured = /\.(?:ya?ml|toml|conf|alloy|river)$/;

/** Keys of the formats that are known. A file with none of them is not parsed. */
const telling =
  /\b(?:alert|receivers|contactPoints|scrape_configs|clients|pipelines?|sinks|filebeat|logs_enabled|kind:\s*(?:PrometheusRule|AlertmanagerConfig|ConfigMap))\b/;

/**
 * Reads the configurations of log collectors, alert rules and receivers, each by its tool's own format. What cannot be
 * parsed says nothing. When it is aborted, it gives what it has by then.
 *
 * @param names the project's files, relative to its root
 */
export async function readObservability(names: string[], files: ProjectFiles): Promise<ObservabilityFacts> {
  const facts = noFacts();
  let read = 0;
  await untilAborted(files.signal, async () => {
    for (const file of names) {
      if (read >= fileLimit) break;
      if (!configured.test(file)) continue;
      const content = await files.read(file);
      if (!('text' in content) || !mayTell(file, content.text)) continue;
      read++;
      await readText(file, content.text, facts, files.signal);
    }
  });
  for (const list of Object.values(facts)) list.splice(factLimit);
  return facts;
}

const mayTell = (file: string, text: string): boolean =>
  /\.(?:conf|alloy|river)$/.test(file) || telling.test(text);

/** @param nested it stands in another file, in which nothing more can stand */
async function readText(
  file: string,
  text: string,
  facts: ObservabilityFacts,
  signal: AbortSignal,
  nested = false,
): Promise<void> {
  await breathe(signal);
  if (/\.(?:alloy|river)$/.test(file)) readAlloy(text, file, facts);
  else if (file.endsWith('.conf')) {
    readFluentBit(text, file, facts);
    readFluentd(text, file, facts);
  } else if (file.endsWith('.toml')) {
    const { root } = parseTomlTree(text, file);
    if (root) readCollectors(root, facts);
  } else {
    for (const root of (await parseYamlTrees(text, file, signal)).roots) {
      await breathe(signal);
      if (textOf(find(root, ['kind'])) !== 'ConfigMap') readAlerting(root, facts);
      else if (!nested) await readConfigMap(root, facts, signal);
      readCollectors(root, facts);
    }
  }
}

/** Kubernetes keeps the files of a collector in a ConfigMap; what is found in one has the place of its key. */
async function readConfigMap(root: YamlNode, facts: ObservabilityFacts, signal: AbortSignal): Promise<void> {
  for (const [name, node] of pairsOf(find(root, ['data']))) {
    const text = textOf(node);
    if (text === undefined || !configured.test(name) || !mayTell(name, text)) continue;
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
