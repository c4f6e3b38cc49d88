import { describe, expect, it } from 'vitest';
import { readObservability } from '../../../src/collect/project/observability/observability.ts';
import { MapFiles } from './source-support.ts';

const read = (files: Record<string, string>) => readObservability(Object.keys(files), new MapFiles(files));

describe('a log collector', () => {
  it.each([
    ['promtail.yml', 'clients:\n  - url: http://loki:3100/push\nscrape_configs: []', 'Promtail', 2],
    [
      'agent.yaml',
      'logs:\n  configs:\n    - name: a\n      clients:\n        - url: http://loki',
      'Grafana Agent',
      5,
    ],
    [
      'otel.yaml',
      `receivers: {filelog: {}}
exporters: {otlp/logs: {endpoint: a}, debug: {}}
service:
  pipelines:
    logs:
      receivers: [filelog]
      exporters: [debug, otlp/logs]`,
      'OpenTelemetry Collector',
      7,
    ],
    ['fluent-bit.yaml', 'pipeline:\n  outputs:\n    - name: loki\n      match: "*"', 'Fluent Bit', 3],
    ['fluent-bit.conf', '[INPUT]\n    Name tail\n[OUTPUT]\n    Name  es\n    Match *\n', 'Fluent Bit', 4],
    [
      'fluentd.conf',
      '<source>\n  @type forward\n</source>\n<match **>\n  @type elasticsearch\n  <buffer>\n    @type file\n  </buffer>\n</match>',
      'Fluentd',
      5,
    ],
    [
      'vector.toml',
      '[sources.a]\ntype = "docker_logs"\n[sinks.out]\ntype = "loki"\ninputs = ["a"]\n',
      'Vector',
      3,
    ],
    ['vector.yaml', 'sources: {a: {type: file}}\nsinks:\n  out: {type: loki, inputs: [a]}', 'Vector', 3],
    [
      'filebeat.yml',
      'filebeat.inputs:\n  - type: container\noutput.elasticsearch:\n  hosts: [a]',
      'Filebeat',
      4,
    ],
    ['datadog.yaml', 'api_key: x\nlogs_enabled: true', 'Datadog Agent', 2],
    [
      'config.alloy',
      '// loki.write "a" {\nloki.source.file "a" {\n  forward_to = [loki.write.b.receiver]\n}\nloki.write "b" {\n  endpoint {\n    url = "http://loki"\n  }\n}',
      'Grafana Alloy',
      5,
    ],
    [
      'k8s.yaml',
      'kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.txt: x\n  fluent-bit.conf: |\n    [OUTPUT]\n        Name loki\n---\nkind: Service\n',
      'Fluent Bit',
      5,
    ],
  ])('is configured in %s', async (file, text, tool, line) => {
    const { logCollectors } = await read({ [file]: text });
    expect(logCollectors).toEqual([{ tool, at: { file, line } }]);
  });

  it.each([
    ['promtail.yml', 'clients: []\nscrape_configs: []'],
    [
      'otel.yaml',
      'exporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}',
    ],
    [
      'otel.yaml',
      'exporters: {otlp: {}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}}',
    ],
    ['fluent-bit.conf', '[OUTPUT]\n    Name stdout\n# Name loki'],
    ['fluentd.conf', '<match **>\n  @type stdout\n</match>'],
    ['vector.toml', '[sources.a]\ntype = "file"\n[sinks.out]\ntype = "console"\ninputs = ["a"]'],
    ['filebeat.yml', 'filebeat.inputs: []\noutput.console: {pretty: true}'],
    ['datadog.yaml', 'logs_enabled: false'],
    [
      'config.alloy',
      'loki.write "b" {\n}\nprometheus.remote_write "c" {\n  endpoint {\n    url = "http://a"\n  }\n}',
    ],
    ['nginx.conf', 'server {\n  listen 80;\n}'],
    ['broken.yaml', 'pipeline: [\n'],
    ['helm.yaml', 'pipeline:\n  outputs: {{ toYaml .Values.outputs }}'],
  ])('that keeps its lines, or is none, is not: %s %j', async (file, text) => {
    expect((await read({ [file]: text })).logCollectors).toEqual([]);
  });
});

describe('alerting', () => {
  const rules =
    'groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n      - record: b\n        expr: c\n';

  it('has the rules of Prometheus, its operator, and Grafana', async () => {
    const { alertRules } = await read({
      'alerts.yml': rules,
      'rule.yaml': `kind: PrometheusRule\nspec:\n${rules.replace(/^/gm, '  ')}`,
      'grafana.yaml':
        'apiVersion: 1\ngroups:\n  - name: a\n    rules:\n      - uid: x\n        title: Errors\n        data: [{refId: A}]\n      - title: Paused\n        isPaused: true\n        data: [{refId: A}]\n    # alert\n',
    });
    expect(alertRules).toEqual([
      { tool: 'Prometheus', name: 'Down', at: { file: 'alerts.yml', line: 4 } },
      { tool: 'Prometheus', name: 'Down', at: { file: 'rule.yaml', line: 6 } },
      { tool: 'Grafana', name: 'Errors', at: { file: 'grafana.yaml', line: 5 } },
    ]);
  });

  it('has receivers that tell somebody', async () => {
    const { alertReceivers } = await read({
      'alertmanager.yml':
        'route: {receiver: team}\nreceivers:\n  - name: empty\n  - name: none\n    slack_configs: []\n  - name: team\n    webhook_configs: [{url_file: /a}]\n',
      'am.yaml':
        'kind: AlertmanagerConfig\nspec:\n  receivers:\n    - name: ops\n      slackConfigs: [{channel: a}]\n',
      'contact.yaml':
        'apiVersion: 1\ncontactPoints:\n  - name: mail\n    receivers: [{uid: a, type: email, settings: {addresses: a}}]\n  - name: empty\n    receivers: []\n',
      'otel.yaml': 'receivers: {otlp: {}}\nservice: {pipelines: {}}\n',
    });
    expect(alertReceivers).toEqual([
      { tool: 'Alertmanager', name: 'team', at: { file: 'alertmanager.yml', line: 6 } },
      { tool: 'Alertmanager', name: 'ops', at: { file: 'am.yaml', line: 4 } },
      { tool: 'Grafana', name: 'mail', at: { file: 'contact.yaml', line: 3 } },
    ]);
  });
});
