import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, pairsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';

/** Finds alert rules and receivers in one YAML document, by the structure of each tool's format. */
export function readAlerting(root: YamlNode, facts: ObservabilityFacts): void {
  const kind = textOf(root, 'kind');
  if (kind === 'PrometheusRule') {
    readRules(find(root, 'spec', 'groups'), 'Prometheus', facts);
    return;
  }
  if (kind === 'AlertmanagerConfig') {
    readReceivers(find(root, 'spec', 'receivers'), /Configs$/, facts);
    return;
  }
  if (kind !== undefined) return;
  readRules(find(root, 'groups'), 'Prometheus', facts);
  if (find(root, 'route')) readReceivers(find(root, 'receivers'), /_configs$/, facts);
  readContactPoints(find(root, 'contactPoints'), facts);
}

/** Prometheus and Loki call a rule's name `alert`; Grafana calls it `title`, beside its queries in `data`. */
function readRules(groups: YamlNode | undefined, tool: string, facts: ObservabilityFacts): void {
  for (const group of listOf(groups)) {
    for (const rule of listOf(group, 'rules')) {
      const alert = textOf(rule, 'alert');
      const title = find(rule, 'data') ? textOf(rule, 'title') : undefined;
      if (alert !== undefined && find(rule, 'expr')) {
        facts.alertRules.push({ tool, name: bounded(alert, 100), at: rule.at });
      } else if (title !== undefined && textOf(rule, 'isPaused') !== 'true') {
        facts.alertRules.push({ tool: 'Grafana', name: bounded(title, 100), at: rule.at });
      }
    }
  }
}

/** A receiver without a configuration sends nothing (Alertmanager, `receiver`). */
function readReceivers(receivers: YamlNode | undefined, configs: RegExp, facts: ObservabilityFacts): void {
  for (const receiver of listOf(receivers)) {
    const name = textOf(receiver, 'name');
    const notifies = pairsOf(receiver).some(([key, value]) => configs.test(key) && listOf(value).length > 0);
    if (name !== undefined && notifies) {
      facts.alertReceivers.push({ tool: 'Alertmanager', name: bounded(name, 100), at: receiver.at });
    }
  }
}

function readContactPoints(points: YamlNode | undefined, facts: ObservabilityFacts): void {
  for (const point of listOf(points)) {
    const name = textOf(point, 'name');
    const notifies = listOf(point, 'receivers').some(
      (receiver) => find(receiver, 'type') && pairsOf(receiver, 'settings').length > 0,
    );
    if (name !== undefined && notifies) {
      facts.alertReceivers.push({ tool: 'Grafana', name: bounded(name, 100), at: point.at });
    }
  }
}

/** The scalar's text below a path of keys; undefined when it is missing or empty. */
export const textOf = (node: YamlNode | undefined, ...keys: string[]): string | undefined =>
  textAt(node, ...keys) || undefined;
