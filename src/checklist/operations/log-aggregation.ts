import type { ComposeService } from '../../evidence/project.ts';
import { agree } from '../reading/agreement.ts';
import { type Deployment, serverDeployments } from '../reading/compose-services.ts';
import { placeText, repository } from '../reading/stages.ts';
import { inconclusive, type Judgement, needsExperiment, pass, type Row } from '../row.ts';

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
        const deployments = serverDeployments(project);
        return deployments.length > 0
          ? agree(deployments, ({ application }) => application.files.join(' + '), judgeDeployment)
          : inconclusive(
              'No compose file that deploys the server was found; the platform may collect its log all the same, and its configuration is not read by this version.',
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

function judgeDeployment({ application, services }: Deployment): Judgement {
  const drivers = services.flatMap(({ name, logging }) =>
    logging && shippingDrivers.has(logging.driver.replace(/:.*$/, ''))
      ? [`Service ${name}: logging driver ${logging.driver} (${placeText(logging.at)})`]
      : [],
  );
  if (drivers.length === services.length) return pass(`${drivers.join('; ')}.`);
  const collector = application.services.find(
    (service) => !services.includes(service) && collectors.has(repository(service.image ?? '')),
  );
  if (!collector) {
    return inconclusive(
      'Compose declares no collector and no shipping log driver; the platform may collect all the same, and its configuration is not read by this version.',
    );
  }
  return collector.profiles.length === 0
    ? pass(`${runs(collector)}.`)
    : inconclusive(`${runs(collector)}, but only with the profile ${collector.profiles.join(' or ')}.`);
}

const runs = ({ name, image, at }: ComposeService): string =>
  `Service ${name} runs ${image} (${placeText(at)})`;
