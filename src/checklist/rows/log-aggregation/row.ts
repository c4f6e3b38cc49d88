import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { agree } from '../../reading/server/agreement.ts';
import { type ServerApplication, serverApplications } from '../../reading/server/compose-applications.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { listOf, placesOf } from '../../reading/server/server-source.ts';
import { repository } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { remedies } from './remedies.ts';
import { judgeStreams } from './standard-streams.ts';

/** Logging drivers that ship logs off the machine or into its journal (Docker: supported logging drivers). */
const shippingDrivers = new Set([
  ...['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'splunk', 'syslog', 'etwlogs'],
  // ECS: the log router of the task.
  'awsfirelens',
  ...['loki', 'grafana/loki-docker-driver'],
]);

/** Images of log collectors, by repository. */
const collectors = new Set([
  ...['grafana/promtail', 'grafana/alloy', 'grafana/agent', 'fluent/fluent-bit', 'fluent/fluentd', 'fluentd'],
  ...['timberio/vector', 'datadog/agent', 'gcr.io/datadoghq/agent', 'gliderlabs/logspout'],
  ...['otel/opentelemetry-collector', 'otel/opentelemetry-collector-contrib'],
  ...['docker.elastic.co/beats/filebeat', 'elastic/filebeat'],
  ...['logstash', 'docker.elastic.co/logstash/logstash'],
]);

export const logAggregation: Row = {
  id: 'log-aggregation',
  title: 'Log aggregation',
  category: 'Operations',
  level: 'recommended',
  why: 'The log that explains a crash is lost with its container, unless a collector ships it.',
  fix: 'Write logs to stdout. Let the platform ship them with a logging driver or a collector (Loki, Fluent Bit, CloudWatch, Datadog).',
  basis: [
    'Production checklist: Operations, "Log aggregation" (Recommended)',
    'The Twelve-Factor App, XI. Logs: https://12factor.net/logs',
    'Docker, configure logging drivers: https://docs.docker.com/engine/logging/configure/',
  ],
  remedies,
  headline: 'collector-declared',
  criteria: [
    {
      id: 'collector-declared',
      kind: 'core',
      attestable: { by: 'a log agent on every node' },
      title: 'The deployment declares a collector or a logging driver that ships logs',
      only: { transport: 'http', because: 'the program that starts it collects its stderr' },
      declared: judgeCollection,
      reads: ['deployment', 'observability'],
    },
    {
      id: 'standard-streams',
      kind: 'core',
      title: 'The server writes its log to stdout or stderr',
      fix: 'Write the log to stdout without buffering. Leave files and rotation to the platform.',
      proven: provenBy('logging', judgeStreams),
      experiment: 'launch the server and read its standard streams',
    },
  ],
};

/** Judges the logging of the deployment. Else a collector in the project’s files counts. */
function judgeCollection(project: ProjectEvidence): Judgement {
  const deployments = serverApplications(project);
  const byCompose =
    deployments.length > 0
      ? agree(deployments, ({ application }) => application.files.join(' + '), judgeDeployment)
      : inconclusive(
          `The project has no log collector and no compose file that deploys the server. ${elsewhere}`,
        );
  // A driver that discards lines leaves nothing to collect.
  if (byCompose.verdict === 'pass' || byCompose.verdict === 'fail') return byCompose;
  const configured = project.observability.logCollectors.filter(({ at }) => !isNonProductionFile(at.file));
  if (configured.length > 0) {
    return pass(
      `The project configures a log collector: ${listOf(configured, ({ tool }) => tool)}.`,
      ...placesOf(configured),
    );
  }
  const workloads = project.workloads.filter(({ at }) => !isNonProductionFile(at.file));
  for (const { name, logging } of workloads) {
    if (logging?.known && shipsLogs(logging.value)) {
      return pass(`${name} ships its log with ${logging.value} (${placeText(logging.at)}).`, logging.at);
    }
  }
  const daemon = workloads.find(
    ({ kind, image }) => kind === 'DaemonSet' && image?.known && collectors.has(repository(image.value)),
  );
  return daemon
    ? pass(`The DaemonSet ${daemon.name} runs a log collector (${placeText(daemon.at)}).`, daemon.at)
    : byCompose;
}

/** By the name of the driver, without its options: `syslog:...`. */
const shipsLogs = (driver: string): boolean => shippingDrivers.has(driver.split(':', 1)[0] ?? '');

const elsewhere = 'Whether the platform collects logs is unknown.';

function judgeDeployment({ application, services }: ServerApplication): Judgement {
  const discarding = services.flatMap(({ name, logging }) =>
    logging?.driver === 'none'
      ? [{ at: logging.at, text: `Service ${name} uses the logging driver none` }]
      : [],
  );
  if (discarding.length > 0) {
    const finding = discarding.map(({ at, text }) => `${text} (${placeText(at)}).`).join(' ');
    return discarding.length === services.length
      ? fail(`${finding} Every line is lost.`, ...discarding.map(({ at }) => at))
      : inconclusive(`${finding} Which service is the server could not be determined.`);
  }
  const shipping = services.flatMap(({ name, logging }) =>
    logging && shipsLogs(logging.driver)
      ? [{ at: logging.at, text: `Service ${name} uses the logging driver ${logging.driver}` }]
      : [],
  );
  if (shipping.length === services.length) {
    const finding = shipping.map(({ at, text }) => `${text} (${placeText(at)}).`).join(' ');
    return pass(finding, ...shipping.map(({ at }) => at));
  }
  const collector = application.services.find(
    (service) => !services.includes(service) && collectors.has(repository(service.image ?? '')),
  );
  if (!collector) {
    return inconclusive(`Compose declares no collector and no logging driver that ships logs. ${elsewhere}`);
  }
  const { name, image, at, profiles } = collector;
  const finding = `Service ${name} runs the log collector ${image} (${placeText(at)})`;
  return profiles.length === 0
    ? pass(`${finding}.`, at)
    : inconclusive(`${finding}, but only with the profile ${profiles.join(' or ')}.`);
}
