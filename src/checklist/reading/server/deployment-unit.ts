import type { Declared, Healthcheck, Place } from '../../../evidence/declared.ts';
import type { BuildArgument, ComposeService } from '../../../evidence/docker.ts';
import type { Platform, Workload } from '../../../evidence/workload.ts';

/**
 * Something that keeps the server running, in one form for a compose service and for the workload of another platform. What
 * a platform does when nothing is said is for the rows to know.
 */
export interface DeploymentUnit {
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

export const platformNames: Record<DeploymentUnit['platform'], string> = {
  compose: 'Compose',
  kubernetes: 'Kubernetes',
  systemd: 'systemd',
  fly: 'Fly.io',
  render: 'Render',
  procfile: 'a Procfile',
  ecs: 'ECS',
  pm2: 'PM2',
};

/** A compose service in this form. */
export function fromService(service: ComposeService): DeploymentUnit {
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

/** A workload of another platform in this form. */
export function fromWorkload(workload: Workload): DeploymentUnit {
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

function runsOf({ platform, image, dockerfile, command }: Workload): DeploymentUnit['runs'] {
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
