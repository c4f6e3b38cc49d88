import type { Declared } from '../../../evidence/declared.ts';
import type { ComposeService } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { judgeStreams } from '../../reading/lab/call-lines.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { agree } from '../../reading/server/agreement.ts';
import { type ServerApplication, serverApplications } from '../../reading/server/compose-applications.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { listOf, placesOf } from '../../reading/server/server-source.ts';
import { repository } from '../../reading/server/stages.ts';
import { inconclusive, type Judgement, needsExperiment, pass, type Row } from '../../row.ts';
import { remedies } from './remedies.ts';

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
  remedies,
  headline: 'collector-declared',
  criteria: [
    {
      id: 'collector-declared',
      kind: 'core',
      title: 'A collector or a logging driver that ships logs is declared',
      only: {
        transport: 'http',
        because: 'what it writes to stderr is collected by the client that starts it',
      },
      declared: judgeCollection,
      reads: ['deployment', 'observability'],
    },
    {
      id: 'standard-streams',
      kind: 'core',
      title: 'The server writes its log to stdout or stderr',
      fix: 'Write the log to stdout, unbuffered, and leave files and rotation to the platform.',
      proven: provenBy('logging', judgeStreams),
      unknownReason: needsExperiment('launch the server and read its standard streams'),
    },
  ],
};

/** Judges what carries the log away: what deploys the server, or else a collector that the project configures. */
function judgeCollection(project: ProjectEvidence): Judgement {
  const deployments = serverApplications(project);
  const byCompose =
    deployments.length > 0
      ? agree(deployments, ({ application }) => application.files.join(' + '), judgeDeployment)
      : inconclusive(
          'No log collector was found, and no compose file that deploys the server; the platform may collect its log all the same.',
        );
  if (byCompose.verdict === 'pass') return byCompose;
  const configured = project.observability.logCollectors.filter(({ at }) => !isNonProductionFile(at.file));
  if (configured.length > 0) {
    return pass(
      `A log collector is configured to send lines away: ${listOf(configured, ({ tool }) => tool)}.`,
      ...placesOf(configured),
    );
  }
  const carried = project.workloads.find(
    ({ at, logging }) => !isNonProductionFile(at.file) && ships(logging),
  );
  if (carried?.logging) {
    return pass(
      `${carried.name} has its log carried by ${declaredText(carried.logging)} (${placeText(carried.logging.at)}).`,
      carried.logging.at,
    );
  }
  const running = project.workloads.find(
    ({ at, kind, image }) =>
      !isNonProductionFile(at.file) &&
      kind === 'DaemonSet' &&
      image?.known &&
      collectors.has(repository(image.value)),
  );
  return running
    ? pass(`The DaemonSet ${running.name} runs a log collector (${placeText(running.at)}).`, running.at)
    : byCompose;
}

const declaredText = (declared: Declared<string>): string =>
  declared.known ? declared.value : declared.text;

/** Without what it is told: `syslog:...`. */
const driverOf = (driver: string): string => driver.split(':', 1)[0] ?? '';

const ships = (logging: Declared<string> | undefined): boolean =>
  logging?.known === true && shippingDrivers.has(driverOf(logging.value));

function judgeDeployment({ application, services }: ServerApplication): Judgement {
  const drivers = services.flatMap(({ name, logging }) =>
    logging && shippingDrivers.has(driverOf(logging.driver))
      ? [`Service ${name}: logging driver ${logging.driver} (${placeText(logging.at)})`]
      : [],
  );
  if (drivers.length === services.length) {
    return pass(`${drivers.join('; ')}.`, ...services.flatMap(({ logging }) => logging?.at ?? []));
  }
  const collector = application.services.find(
    (service) => !services.includes(service) && collectors.has(repository(service.image ?? '')),
  );
  if (!collector) {
    return inconclusive(
      'Compose declares no collector and no logging driver that ships lines; the platform may collect all the same.',
    );
  }
  return collector.profiles.length === 0
    ? pass(`${runs(collector)}.`, collector.at)
    : inconclusive(`${runs(collector)}, but only with the profile ${collector.profiles.join(' or ')}.`);
}

const runs = ({ name, image, at }: ComposeService): string =>
  `Service ${name} runs ${image} (${placeText(at)})`;
