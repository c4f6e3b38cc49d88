import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { find, listOf, pairsOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { textOf } from './alerts.ts';

/** One log collector's configuration format. `sends`: where it configures a remote output. */
type Format = { tool: string; sends: (root: YamlNode) => YamlNode | undefined };

/** Outputs that stay on the host: they print, count or drop lines. */
const local = /^(?:stdout|console|debug|logging|null|blackhole|nop|counter|exit|file)(?:\/|$)/;

const formats: readonly Format[] = [
  {
    tool: 'Promtail',
    sends: (root) => (find(root, 'scrape_configs') ? withUrl(find(root, 'clients')) : undefined),
  },
  {
    tool: 'Grafana Agent',
    sends: (root) =>
      listOf(root, 'logs', 'configs')
        .map((config) => withUrl(find(config, 'clients')) ?? withUrl(find(root, 'logs', 'global', 'clients')))
        .find((found) => found !== undefined),
  },
  { tool: 'OpenTelemetry Collector', sends: logsPipeline },
  {
    tool: 'Fluent Bit',
    sends: (root) => listOf(root, 'pipeline', 'outputs').find((output) => isRemote(textOf(output, 'name'))),
  },
  {
    tool: 'Vector',
    sends: (root) =>
      find(root, 'sources')
        ? pairsOf(root, 'sinks').find(
            ([, sink]) => find(sink, 'inputs') && isRemote(textOf(sink, 'type')),
          )?.[1]
        : undefined,
  },
  { tool: 'Filebeat', sends: beatsOutput },
  {
    tool: 'Datadog Agent',
    sends: (root) => {
      const enabled = find(root, 'logs_enabled');
      return textOf(enabled) === 'true' ? enabled : undefined;
    },
  },
];

/** Finds log collectors with a remote output in one YAML or TOML document, by the structure of each tool's format. */
export function readCollectors(root: YamlNode, facts: ObservabilityFacts): void {
  for (const { tool, sends } of formats) {
    const found = sends(root);
    if (found) facts.logCollectors.push({ tool, at: found.at });
  }
}

/** Whether an output of this name sends lines to another host. */
export const isRemote = (output: string | undefined): boolean =>
  output !== undefined && !local.test(output.toLowerCase());

const withUrl = (clients: YamlNode | undefined): YamlNode | undefined =>
  listOf(clients).find((client) => textOf(client, 'url') !== undefined);

/** A pipeline of logs with a receiver and a remote exporter (OpenTelemetry Collector, `service`). */
function logsPipeline(root: YamlNode): YamlNode | undefined {
  const exporters = new Set(pairsOf(root, 'exporters').map(([name]) => name));
  return pairsOf(root, 'service', 'pipelines')
    .filter(([name, pipeline]) => /^logs(?:\/|$)/.test(name) && listOf(pipeline, 'receivers').length > 0)
    .flatMap(([, pipeline]) => listOf(pipeline, 'exporters'))
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
