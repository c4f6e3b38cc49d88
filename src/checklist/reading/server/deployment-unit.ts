import type { Declared, Healthcheck, Place } from '../../../evidence/declared.ts';
import type { BuildArgument, ComposeService } from '../../../evidence/docker.ts';
import type { Platform, Workload } from '../../../evidence/workload.ts';

/** A compose service or a workload of another platform in one form. Rows know the defaults of each platform. */
export interface DeploymentUnit {
  platform: Platform | 'compose';
  kind: string;
  /** At the beginning of a finding: "Service weather", "Deployment weather". */
  title: string;
  /** In a list: "weather (compose.yaml)". */
  label: string;
  at: Place;
  /** `container client`: a host program that starts a container. */
  runs: 'program' | 'image' | 'container client';
  build?: { dockerfile: string; target?: string; args?: BuildArgument[] };
  command?: string;
  user?: Declared<string>;
  /** The platform refuses root or creates a user. */
  nonRoot?: Declared<boolean>;
  noNewPrivileges: boolean;
  dropsCapabilities: boolean;
  privileged: boolean;
  restart?: { key: string; policy: Declared<string> };
  healthchecks: Healthcheck[];
  environment: { name: string; value: Declared<string> }[];
  /** Ports that it publishes or listens on. */
  ports: string[];
  memoryLimit?: Declared<string>;
  cpuLimit?: Declared<string>;
  fileLimit?: Declared<string>;
  replicas?: Declared<string>;
  affinity?: Declared<string>;
  stopSeconds?: Declared<string>;
  stopSignal?: Declared<string>;
}

type Title = (workload: Workload) => string;

/** `restartKey`: where files declare the restart policy. */
const texts: Record<Platform, { name: string; restartKey: string; title: Title }> = {
  kubernetes: {
    name: 'Kubernetes',
    restartKey: 'restartPolicy',
    title: ({ kind, name, container = name }) =>
      container === name ? `${kind} ${name}` : `${kind} ${name}, container ${container}`,
  },
  systemd: { name: 'systemd', restartKey: 'Restart', title: ({ name }) => `systemd unit ${name}` },
  fly: { name: 'Fly.io', restartKey: 'restart policy', title: ({ name }) => `Fly app ${name}` },
  render: { name: 'Render', restartKey: 'restart', title: ({ name }) => `Render service ${name}` },
  procfile: { name: 'Heroku', restartKey: 'restart', title: ({ name }) => `Procfile process ${name}` },
  ecs: {
    name: 'ECS',
    restartKey: 'restartPolicy',
    title: ({ name, container = name }) => `ECS container ${container}`,
  },
  pm2: { name: 'PM2', restartKey: 'autorestart', title: ({ name }) => `PM2 process ${name}` },
};

export const platformName = (platform: DeploymentUnit['platform']): string =>
  platform === 'compose' ? 'Compose' : texts[platform].name;

/** A compose service in this form. */
export function fromService(service: ComposeService): DeploymentUnit {
  const { deployRestart, restart, healthcheck, capDrop, ...rest } = service;
  const policy = deployRestart ?? restart;
  return {
    ...rest,
    platform: 'compose',
    kind: 'service',
    title: `Service ${service.name}`,
    label: `${service.name} (${service.at.file})`,
    runs: 'image',
    dropsCapabilities: dropsAll(capDrop),
    // `deploy.restart_policy` overrides `restart` (Compose Deploy Specification).
    ...(policy
      ? { restart: { key: deployRestart ? 'deploy.restart_policy.condition' : 'restart', policy } }
      : {}),
    healthchecks: healthcheck ? [healthcheck] : [],
    ports: service.ports.map(({ target }) => target),
  };
}

/** A workload of another platform in this form. */
export function fromWorkload(workload: Workload): DeploymentUnit {
  const { dockerfile, command, restart, capDrop, ...rest } = workload;
  const { platform, at, container, name, kustomization } = workload;
  return {
    ...rest,
    title: texts[platform].title(workload),
    label: `${container ?? name} (${kustomization ?? at.file})`,
    runs: runsOf(workload),
    ...(dockerfile === undefined ? {} : { build: { dockerfile } }),
    ...(command ? { command: textOf(command) } : {}),
    noNewPrivileges: isTrue(workload.noNewPrivileges),
    dropsCapabilities: dropsAll(capDrop),
    privileged: isTrue(workload.privileged),
    ...(restart ? { restart: { key: texts[platform].restartKey, policy: restart } } : {}),
    ports: workload.ports.map(textOf),
  };
}

function runsOf({ platform, image, dockerfile, command }: Workload): DeploymentUnit['runs'] {
  if (['kubernetes', 'ecs', 'fly'].includes(platform) || image || dockerfile !== undefined) return 'image';
  const [program = ''] = (command?.known ? command.value : '').split(' ');
  return /(?:^|\/)(?:docker|docker-compose|podman|nerdctl)$/.test(program) ? 'container client' : 'program';
}

/** The value of a declaration, or what the file has in its place. */
export const textOf = (declared: Declared<string>): string =>
  declared.known ? declared.value : declared.text;

const isTrue = (declared: Declared<boolean> | undefined): boolean =>
  declared?.known === true && declared.value;

const dropsAll = (names: readonly string[]): boolean => names.some((name) => name.toUpperCase() === 'ALL');
