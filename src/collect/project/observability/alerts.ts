import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, pairsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';

/** Finds alert rules and receivers in one YAML document, by the structure of each tool's format. */
export function readAlerting(root: YamlNode, facts: ObservabilityFacts): void {
  const kind = textOf(root, 'kind');
  if (kind === 'PrometheusRule') {
    readRules(listOf(root, 'spec', 'groups'), facts);
    return;
  }
  if (kind === 'AlertmanagerConfig') {
    readReceivers(listOf(root, 'spec', 'receivers'), 'Alertmanager', isConfigured(/Configs$/), facts);
    return;
  }
  if (kind !== undefined) return;
  readRules(listOf(root, 'groups'), facts);
  if (find(root, 'route')) {
    readReceivers(listOf(root, 'receivers'), 'Alertmanager', isConfigured(/_configs$/), facts);
  }
  readReceivers(listOf(root, 'contactPoints'), 'Grafana', hasIntegration, facts);
}

/** Prometheus and Loki call a rule's name `alert`; Grafana calls it `title`, beside its queries in `data`. */
function readRules(groups: YamlNode[], facts: ObservabilityFacts): void {
  for (const rule of groups.flatMap((group) => listOf(group, 'rules'))) {
    const alert = textOf(rule, 'alert');
    const title = find(rule, 'data') ? textOf(rule, 'title') : undefined;
    if (alert !== undefined && find(rule, 'expr')) {
      facts.alertRules.push({ tool: 'Prometheus', name: bounded(alert, 100), at: rule.at });
    } else if (title !== undefined && textOf(rule, 'isPaused') !== 'true') {
      facts.alertRules.push({ tool: 'Grafana', name: bounded(title, 100), at: rule.at });
    }
  }
}

/** Alertmanager sends nothing to a receiver without a configuration. */
const isConfigured = (configs: RegExp) => (receiver: YamlNode) =>
  pairsOf(receiver).some(([key, value]) => configs.test(key) && listOf(value).length > 0);

/** Grafana sends nothing to a contact point without the settings of an integration. */
const hasIntegration = (point: YamlNode) =>
  listOf(point, 'receivers').some(
    (receiver) => find(receiver, 'type') && pairsOf(receiver, 'settings').length > 0,
  );

function readReceivers(
  receivers: YamlNode[],
  tool: string,
  notifies: (receiver: YamlNode) => boolean,
  facts: ObservabilityFacts,
): void {
  for (const receiver of receivers) {
    const name = textOf(receiver, 'name');
    if (name === undefined || !notifies(receiver)) continue;
    facts.alertReceivers.push({ tool, name: bounded(name, 100), at: receiver.at });
  }
}

/** The scalar's text below a path of keys; undefined when it is missing or empty. */
export const textOf = (node: YamlNode | undefined, ...keys: string[]): string | undefined =>
  textAt(node, ...keys) || undefined;
