import type { ComposeService, ProjectEvidence } from '../../evidence/project.ts';
import { serverServices } from '../reading/compose-services.ts';
import { placeText, repository } from '../reading/server-image.ts';
import { inconclusive, needsExperiment, pass, type Row } from '../row.ts';

/** Logging drivers that carry lines off the machine or into its journal (Docker: supported logging drivers). */
const shippingDrivers = new Set([
  ...['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'splunk', 'syslog', 'etwlogs'],
  ...['loki', 'grafana/loki-docker-driver'],
]);

/** Images that exist to collect logs, by repository. */
const collectors = new Set([
  ...['grafana/promtail', 'grafana/alloy', 'grafana/agent', 'fluent/fluent-bit', 'fluent/fluentd', 'fluentd'],
  ...['timberio/vector', 'datadog/agent', 'gcr.io/datadoghq/agent', 'gliderlabs/logspout'],
  ...['otel/opentelemetry-collector', 'otel/opentelemetry-collector-contrib'],
  ...[
    'docker.elastic.co/beats/filebeat',
    'elastic/filebeat',
    'logstash',
    'docker.elastic.co/logstash/logstash',
  ],
]);

export const logAggregation: Row = {
  id: 'log-aggregation',
  title: 'Log aggregation',
  category: 'Operations',
  level: 'recommended',
  why: 'The lines that explain a crash are gone with the container that wrote them, unless something carried them away.',
  fix: 'Write logs to stdout and let the platform collect them: a logging driver or a collector (Loki, Fluent Bit, CloudWatch, Datadog).',
  basis: [
    'Production checklist: Operations, "Log aggregation" (Recommended)',
    'The Twelve-Factor App, XI. Logs: https://12factor.net/logs',
    'Docker, configure logging drivers: https://docs.docker.com/engine/logging/configure/',
  ],
  criteria: [
    {
      id: 'collector-declared',
      kind: 'core',
      title: 'A collector or a logging driver that ships logs is declared',
      declared: (project) => {
        const driver = serverServices(project).find((service) =>
          shippingDrivers.has(service.logging?.driver.replace(/:.*$/, '') ?? ''),
        );
        if (driver?.logging) {
          return pass(
            `Service ${driver.name}: logging driver ${driver.logging.driver} (${placeText(driver.logging.at)}).`,
          );
        }
        const collector = otherServices(project).find((service) =>
          collectors.has(repository(service.image ?? '')),
        );
        if (collector) {
          return pass(`Service ${collector.name} runs ${collector.image} (${placeText(collector.at)}).`);
        }
        return inconclusive(
          'Compose declares no collector and no shipping log driver; the platform may collect all the same, and its configuration is not read by this version.',
        );
      },
    },
    {
      id: 'standard-streams',
      kind: 'core',
      title: 'The server writes its log to stdout or stderr',
      unseen: needsExperiment('launch the server and read its standard streams'),
    },
  ],
};

const otherServices = (project: ProjectEvidence): ComposeService[] => {
  const servers = serverServices(project);
  return project.compose.flatMap(({ services }) => services).filter((service) => !servers.includes(service));
};
