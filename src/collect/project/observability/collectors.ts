import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { find, listOf, pairsOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { textOf } from './alerts.ts';

/** One log collector's configuration format: where in it lines are sent away, if they are. */
type Format = { tool: string; sends: (root: YamlNode) => YamlNode | undefined };

/** Outputs that carry nothing away: they print, count or drop. */
const local = /^(?:stdout|console|debug|logging|null|blackhole|nop|counter|exit|file)(?:\/|$)/;

const formats: readonly Format[] = [
  {
    tool: 'Promtail',
    sends: (root) => (find(root, ['scrape_configs']) ? withUrl(find(root, ['clients'])) : undefined),
  },
  {
    tool: 'Grafana Agent',
    sends: (root) =>
      listOf(find(root, ['logs', 'configs']))
        .map(
          (config) =>
            withUrl(find(config, ['clients'])) ?? withUrl(find(root, ['logs', 'global', 'clients'])),
        )
        .find((found) => found !== undefined),
  },
  { tool: 'OpenTelemetry Collector', sends: logsPipeline },
  {
    tool: 'Fluent Bit',
    sends: (root) =>
      listOf(find(root, ['pipeline', 'outputs'])).find((output) => isRemote(textOf(find(output, ['name'])))),
  },
  {
    tool: 'Vector',
    sends: (root) =>
      find(root, ['sources'])
        ? pairsOf(find(root, ['sinks'])).find(
            ([, sink]) => find(sink, ['inputs']) && isRemote(textOf(find(sink, ['type']))),
          )?.[1]
        : undefined,
  },
  { tool: 'Filebeat', sends: beatsOutput },
  {
    tool: 'Datadog Agent',
    sends: (root) => {
      const enabled = find(root, ['logs_enabled']);
      return textOf(enabled) === 'true' ? enabled : undefined;
    },
  },
];

/** Finds log collectors that send lines away in one YAML or TOML document, by the structure of each tool's format. */
export function readCollectors(root: YamlNode, facts: ObservabilityFacts): void {
  for (const { tool, sends } of formats) {
    const found = sends(root);
    if (found) facts.logCollectors.push({ tool, at: found.at });
  }
}

/** Whether an output of this name sends lines to somewhere else. */
export const isRemote = (output: string | undefined): boolean =>
  output !== undefined && !local.test(output.toLowerCase());

const withUrl = (clients: YamlNode | undefined): YamlNode | undefined =>
  listOf(clients).find((client) => textOf(find(client, ['url'])) !== undefined);

/** A pipeline of logs with a receiver and an exporter that is more than a printer (OpenTelemetry Collector, `service`). */
function logsPipeline(root: YamlNode): YamlNode | undefined {
  const exporters = new Set(pairsOf(find(root, ['exporters'])).map(([name]) => name));
  return pairsOf(find(root, ['service', 'pipelines']))
    .filter(
      ([name, pipeline]) => /^logs(?:\/|$)/.test(name) && listOf(find(pipeline, ['receivers'])).length > 0,
    )
    .flatMap(([, pipeline]) => listOf(find(pipeline, ['exporters'])))
    .find((exporter) => {
      const name = textOf(exporter);
      return name !== undefined && exporters.has(name) && isRemote(name);
    });
}

/** Filebeat's keys may be written with dots or nested: `output.elasticsearch`. */
function beatsOutput(root: YamlNode): YamlNode | undefined {
  const pairs = pairsOf(root);
  if (!pairs.some(([name]) => /^filebeat(?:\.|$)/.test(name))) return undefined;
  const nested = pairs.filter(([name]) => name === 'output').flatMap(([, node]) => pairsOf(node));
  const dotted = pairs.flatMap(([name, node]): [string, YamlNode][] =>
    name.startsWith('output.') ? [[name.slice('output.'.length), node]] : [],
  );
  return [...nested, ...dotted].find(([name]) => isRemote(name))?.[1];
}
