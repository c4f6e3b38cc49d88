import type {
  BuildArgument,
  ComposeService,
  Declared,
  Healthcheck,
  Place,
  ProjectEvidence,
} from '../../evidence/project.ts';
import type { Platform, Workload } from '../../evidence/workload.ts';
import { inconclusive, type Judgement, notApplicable } from '../row.ts';
import { agree, someOf } from './agreement.ts';
import { isAside } from './aside.ts';
import { serverDeployments, serverServices } from './compose-services.ts';
import { serverWorkloads } from './server-workloads.ts';

/**
 * Something that keeps the server running, in one form for a compose service and for the workload of another platform. What
 * a platform does when nothing is said is for the rows to know.
 */
export interface Deployed {
  platform: Platform | 'compose';
  kind: string;
  /** At the beginning of a finding: "Service weather", "Deployment weather". */
  title: string;
  /** Among others: "weather (compose.yaml)". */
  label: string;
  at: Place;
  /** A program on the host, an image, or a program that starts a container in turn. */
  runs: 'program' | 'image' | 'container client';
  build?: { dockerfile: string; target?: string; args?: BuildArgument[] };
  command?: string;
  user?: Declared<string>;
  /** The platform refuses root or makes a user. */
  nonRoot?: Declared<boolean>;
  noNewPrivileges: boolean;
  dropsCapabilities: boolean;
  privileged: boolean;
  /** The key that says it, and what it says. */
  restart?: { key: string; policy: Declared<string> };
  healthchecks: Healthcheck[];
  environment: { name: string; value: Declared<string> }[];
  /** Where it is published or says that it listens. */
  ports: string[];
  memoryLimit?: Declared<string>;
  cpuLimit?: Declared<string>;
  fileLimit?: Declared<string>;
  replicas?: Declared<string>;
  affinity?: Declared<string>;
  stopSeconds?: Declared<string>;
  stopSignal?: Declared<string>;
}

/** Everything that may keep the server running, in every description that was read. */
export function deployed(project: ProjectEvidence): Deployed[] {
  return [...serverServices(project).map(fromService), ...serverWorkloads(project).map(fromWorkload)];
}

/** The files that deploy the server. */
export function deployingFiles(project: ProjectEvidence): string[] {
  const compose = serverDeployments(project).flatMap(({ application }) => application.files);
  return [...compose, ...serverWorkloads(project).map(({ at }) => at.file)];
}

/**
 * Judges what deploys the server, or says why there is nothing to judge. Where several descriptions may deploy it, they must
 * agree; those to which the question does not apply are left out.
 */
export function judgeDeployed(project: ProjectEvidence, judge: (deployed: Deployed) => Judgement): Judgement {
  const judged = deployed(project).map((one) => ({ label: one.label, judgement: judge(one) }));
  const applicable = judged.filter(({ judgement }) => judgement.verdict !== 'not-applicable');
  if (applicable.length === 0) return judged[0]?.judgement ?? inconclusive(whyNothing(project));
  const judgement = agree(
    applicable,
    ({ label }) => label,
    (one) => one.judgement,
  );
  const [other] = unreadDeployments(project);
  // Where another description deploys the server, these may be there for development only.
  return judgement.verdict === 'fail' && other
    ? inconclusive(
        `${judgement.finding} But ${other.file} (${other.kind}) may be what deploys it, and it was not read.`,
      )
    : judgement;
}

/** Why nothing that deploys the server can be judged, as a sentence. */
function whyNothing(project: ProjectEvidence): string {
  const real = project.compose.filter(({ files }) => !files.some(isAside));
  const broken = real.find((compose) => compose.broken);
  if (broken) return `${broken.files.join(', ')} could not be read: ${broken.broken}`;
  if (real.length > 0) {
    return `It is not clear which service of ${someOf(real.flatMap(({ files }) => files))} is the server: none is built from this project for production.`;
  }
  const [other] = unreadDeployments(project);
  if (other) return `${other.file} (${other.kind}) may deploy the server, but it was not read.`;
  if (project.compose.length > 0 && project.workloads.length === 0) {
    return `The only compose files are for development, tests or examples: ${someOf(project.compose.flatMap(({ files }) => files))}.`;
  }
  const aside = [
    ...project.compose.flatMap(({ files }) => files),
    ...project.workloads.map(({ at }) => at.file),
  ];
  return aside.length > 0
    ? `Nothing in ${someOf(aside)} deploys the server: it is for development, tests or examples, or what runs beside it.`
    : 'No compose file and no other deployment description was found.';
}

/** Deployment descriptions that were found and not read, without those for tests and examples. */
export const unreadDeployments = (project: ProjectEvidence): ProjectEvidence['unread'] =>
  project.unread.filter(({ file }) => !isAside(file));

/** The judgement of a platform that lets nobody say this. */
export const notSaidThere = (one: Deployed, what: string): Judgement =>
  notApplicable(`${one.title}: ${platformNames[one.platform]} has no setting for ${what}.`);

export const platformNames: Record<Deployed['platform'], string> = {
  compose: 'Compose',
  kubernetes: 'Kubernetes',
  systemd: 'systemd',
  fly: 'Fly.io',
  render: 'Render',
  procfile: 'a Procfile',
  ecs: 'ECS',
  pm2: 'PM2',
};

function fromService(service: ComposeService): Deployed {
  const { name, at, build, deployRestart, restart } = service;
  const policy = deployRestart ?? restart;
  return {
    ...optional(service, [
      'user',
      'command',
      'memoryLimit',
      'cpuLimit',
      'fileLimit',
      'replicas',
      'stopSeconds',
      'stopSignal',
    ]),
    platform: 'compose',
    kind: 'service',
    title: `Service ${name}`,
    label: `${name} (${at.file})`,
    at,
    runs: 'image',
    ...(build ? { build } : {}),
    noNewPrivileges: service.noNewPrivileges,
    dropsCapabilities: dropsAll(service.capDrop),
    privileged: service.privileged,
    // `deploy.restart_policy` takes the place of `restart` where both stand (Compose Deploy Specification).
    ...(policy
      ? { restart: { key: deployRestart ? 'deploy.restart_policy.condition' : 'restart', policy } }
      : {}),
    healthchecks: service.healthcheck ? [service.healthcheck] : [],
    environment: service.environment,
    ports: service.ports.map(({ target }) => target),
  };
}

const titles: Record<Platform, (workload: Workload) => string> = {
  kubernetes: ({ kind, name, container }) =>
    container === undefined || container === name
      ? `${kind} ${name}`
      : `${kind} ${name}, container ${container}`,
  systemd: ({ name }) => `systemd unit ${name}`,
  fly: ({ name }) => `Fly app ${name}`,
  render: ({ name }) => `Render service ${name}`,
  procfile: ({ name }) => `Procfile process ${name}`,
  ecs: ({ name, container }) => `ECS container ${container ?? name}`,
  pm2: ({ name }) => `PM2 process ${name}`,
};

const restartKeys: Record<Platform, string> = {
  kubernetes: 'restartPolicy',
  systemd: 'Restart',
  fly: 'restart policy',
  render: 'restart',
  procfile: 'restart',
  ecs: 'restartPolicy',
  pm2: 'autorestart',
};

function fromWorkload(workload: Workload): Deployed {
  const { platform, kind, at, container, name, kustomization, dockerfile, command, restart } = workload;
  return {
    ...optional(workload, ['user', 'nonRoot', 'memoryLimit', 'cpuLimit', 'fileLimit']),
    ...optional(workload, ['replicas', 'affinity', 'stopSeconds', 'stopSignal']),
    platform,
    kind,
    title: titles[platform](workload),
    label: `${container ?? name} (${kustomization ?? at.file})`,
    at,
    runs: runsOf(workload),
    ...(dockerfile === undefined ? {} : { build: { dockerfile } }),
    ...(command ? { command: command.known ? command.value : command.text } : {}),
    noNewPrivileges: isTrue(workload.noNewPrivileges),
    dropsCapabilities: dropsAll(workload.capDrop),
    privileged: isTrue(workload.privileged),
    ...(restart ? { restart: { key: restartKeys[platform], policy: restart } } : {}),
    healthchecks: workload.healthchecks,
    environment: workload.environment,
    ports: workload.ports.map((port) => (port.known ? port.value : port.text)),
  };
}

function runsOf({ platform, image, dockerfile, command }: Workload): Deployed['runs'] {
  if (['kubernetes', 'ecs', 'fly'].includes(platform) || image || dockerfile !== undefined) return 'image';
  const [program = ''] = (command?.known ? command.value : '').split(' ');
  return /(?:^|\/)(?:docker|docker-compose|podman|nerdctl)$/.test(program) ? 'container client' : 'program';
}

const isTrue = (declared: Declared<boolean> | undefined): boolean =>
  declared?.known === true && declared.value;

const dropsAll = (names: readonly string[]): boolean => names.some((name) => name.toUpperCase() === 'ALL');

/** Those of the members that are there. */
function optional<T extends object, K extends keyof T>(from: T, keys: K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]),
  ) as Pick<T, K>;
}
