import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, pairsOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';

/** Finds alert rules and receivers in one YAML document, by the structure of each tool's format. */
export function readAlerting(root: YamlNode, facts: ObservabilityFacts): void {
  const kind = textOf(find(root, ['kind']));
  if (kind === 'PrometheusRule') {
    readRules(find(root, ['spec', 'groups']), 'Prometheus', facts);
    return;
  }
  if (kind === 'AlertmanagerConfig') {
    readReceivers(find(root, ['spec', 'receivers']), /Configs$/, facts);
    return;
  }
  if (kind !== undefined) return;
  readRules(find(root, ['groups']), 'Prometheus', facts);
  if (find(root, ['route'])) readReceivers(find(root, ['receivers']), /_configs$/, facts);
  readContactPoints(find(root, ['contactPoints']), facts);
}

/** Prometheus and Loki call a rule's name `alert`; Grafana calls it `title`, beside its queries in `data`. */
function readRules(groups: YamlNode | undefined, tool: string, facts: ObservabilityFacts): void {
  for (const group of listOf(groups)) {
    for (const rule of listOf(find(group, ['rules']))) {
      const alert = textOf(find(rule, ['alert']));
      const title = find(rule, ['data']) ? textOf(find(rule, ['title'])) : undefined;
      if (alert !== undefined && find(rule, ['expr'])) {
        facts.alertRules.push({ tool, name: bounded(alert, 100), at: rule.at });
      } else if (title !== undefined && textOf(find(rule, ['isPaused'])) !== 'true') {
        facts.alertRules.push({ tool: 'Grafana', name: bounded(title, 100), at: rule.at });
      }
    }
  }
}

/** A receiver without a configuration tells nobody (Alertmanager, `receiver`). */
function readReceivers(receivers: YamlNode | undefined, configs: RegExp, facts: ObservabilityFacts): void {
  for (const receiver of listOf(receivers)) {
    const name = textOf(find(receiver, ['name']));
    const tells = pairsOf(receiver).some(([key, value]) => configs.test(key) && listOf(value).length > 0);
    if (name !== undefined && tells) {
      facts.alertReceivers.push({ tool: 'Alertmanager', name: bounded(name, 100), at: receiver.at });
    }
  }
}

function readContactPoints(points: YamlNode | undefined, facts: ObservabilityFacts): void {
  for (const point of listOf(points)) {
    const name = textOf(find(point, ['name']));
    const tells = listOf(find(point, ['receivers'])).some(
      (receiver) => find(receiver, ['type']) && pairsOf(find(receiver, ['settings'])).length > 0,
    );
    if (name !== undefined && tells) {
      facts.alertReceivers.push({ tool: 'Grafana', name: bounded(name, 100), at: point.at });
    }
  }
}

/** The text of a scalar that is not empty. */
export const textOf = (node: YamlNode | undefined): string | undefined =>
  node?.kind === 'scalar' && node.text !== null && node.text !== '' ? node.text : undefined;
