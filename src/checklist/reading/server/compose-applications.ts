import type { ComposeProject, ComposeService } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { isInfrastructure } from './infrastructure.ts';
import { isAside, isAsideName, namesMcp, namesProduction } from './non-production-files.ts';
import { baseImage, dockerfileOf, stageOf } from './stages.ts';

/** A compose application with the services in it that may be the server. */
export interface ServerApplication {
  application: ComposeProject;
  services: ComposeService[];
}

/**
 * The compose applications that deploy the server. Those at the project's root go before deeper ones, unless a folder is
 * named for the MCP server; in a folder a production file goes before the plain one, and that before its variants.
 * What stands in a folder for development, tests or examples is left out.
 */
export function serverApplications(project: ProjectEvidence): ServerApplication[] {
  const real = project.compose.filter(({ files }) => !files.some(isAside));
  const all = real
    .map((application) => ({ application, services: candidatesOf(application, project) }))
    .filter(({ services }) => services.length > 0);
  const folders = new Set(all.map(({ application }) => folderOf(application)));
  const deployments = [...folders].flatMap((folder) =>
    preferred(all.filter(({ application }) => folderOf(application) === folder)),
  );
  const atRoot = deployments.filter(({ application }) => folderOf(application) === '');
  if (atRoot.length === 0) return deployments;
  return deployments.filter(
    (deployment) => atRoot.includes(deployment) || namesMcp(folderOf(deployment.application)),
  );
}

/** The compose services that may be the server; databases and collectors beside it are not among them. */
export function serverServices(project: ProjectEvidence): ComposeService[] {
  return serverApplications(project).flatMap(({ services }) => services);
}

const folderOf = ({ files: [file = ''] }: ComposeProject): string => file.split('/').slice(0, -1).join('/');

function preferred(deployments: ServerApplication[]): ServerApplication[] {
  const production = deployments.filter(({ application }) => application.files.some(namesProduction));
  if (production.length > 0) return production;
  const plain = deployments.filter(({ application }) =>
    /(?:^|\/)(?:docker-)?compose(?:\.override)?\.ya?ml$/i.test(application.files.at(-1) ?? ''),
  );
  return plain.length > 0 ? plain : deployments;
}

function candidatesOf({ services }: ComposeProject, project: ProjectEvidence): ComposeService[] {
  const lasting = services.filter((service) => !service.runsToCompletion && !isAsideName(service.name));
  const started = lasting.filter(({ profiles }) => profiles.length === 0);
  for (const group of [started, lasting]) {
    const built = group.filter((service) => service.build && buildsServer(service.build, project));
    if (built.length > 0) return likeliest(built);
  }
  const pulled = started.filter((service) => !service.build && !isInfrastructure(service.image ?? ''));
  const builtElsewhere = pulled.filter(({ name }) => isBuiltSomewhere(name, project));
  if (builtElsewhere.length > 0) return builtElsewhere;
  const named = pulled.filter(({ name, image }) => namesMcp(name) || namesMcp(image ?? ''));
  if (named.length > 0) return named;
  return services.length === 1 ? pulled : [];
}

/** A service named for MCP, else one that is built from the project's own Dockerfile, else each. */
function likeliest(all: ComposeService[]): ComposeService[] {
  const servers = all.filter(({ name }) => !isInfrastructure(name));
  const built = servers.length > 0 ? servers : all;
  const named = built.filter(({ name, build }) => namesMcp(name) || namesMcp(build?.dockerfile ?? ''));
  if (named.length > 0) return named;
  const atRoot = built.filter(({ build }) => /^(?:Dockerfile|Containerfile)$/.test(build?.dockerfile ?? ''));
  return atRoot.length > 0 ? atRoot : built;
}

/** Not a development image, and not a database with a plugin built in. */
function buildsServer(build: NonNullable<ComposeService['build']>, project: ProjectEvidence): boolean {
  if (isAside(build.dockerfile) || isAside(`${build.context}/`) || isAsideName(build.target)) return false;
  const dockerfile = dockerfileOf(project.dockerfiles, build);
  const stage = dockerfile && stageOf(dockerfile, build.target);
  const base = dockerfile && stage && baseImage({ dockerfile, stage });
  return !(base?.known && isInfrastructure(base.value));
}

/** Whether some compose file, one for development perhaps, builds the service of this name out of this project. */
const isBuiltSomewhere = (name: string, project: ProjectEvidence): boolean =>
  project.compose.some(({ services }) => services.some((service) => service.name === name && service.build));
