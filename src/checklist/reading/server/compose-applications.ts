import type { ComposeProject, ComposeService } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { preferred } from './agreement.ts';
import { isInfrastructure } from './infrastructure.ts';
import {
  folderOf,
  isNonProductionFile,
  namesMcp,
  namesNonProduction,
  namesProduction,
} from './non-production-files.ts';
import { baseImage, dockerfileOf, stageOf } from './stages.ts';

/** A compose application and its services that may be the server. */
export interface ServerApplication {
  application: ComposeProject;
  services: ComposeService[];
}

/**
 * The compose applications that deploy the server in production.
 * The root goes before folders not named for MCP; in a folder, production files go before plain ones and variants.
 */
export function serverApplications(project: ProjectEvidence): ServerApplication[] {
  const all = project.compose
    .filter(({ files }) => !files.some(isNonProductionFile))
    .map((application) => ({ application, services: candidatesOf(application, project) }))
    .filter(({ services }) => services.length > 0);
  const folders = new Set(all.map(applicationFolder));
  const deployments = [...folders].flatMap((folder) =>
    preferred(
      all.filter((one) => applicationFolder(one) === folder),
      ({ application }) => application.files.some(namesProduction),
      ({ application }) => isPlain(application.files.at(-1) ?? ''),
    ),
  );
  const atRoot = deployments.filter((one) => applicationFolder(one) === '');
  if (atRoot.length === 0) return deployments;
  return deployments.filter((one) => atRoot.includes(one) || namesMcp(applicationFolder(one)));
}

/** The compose services that may be the server, without its databases and collectors. */
export function serverServices(project: ProjectEvidence): ComposeService[] {
  return serverApplications(project).flatMap(({ services }) => services);
}

const applicationFolder = ({ application: { files } }: ServerApplication): string => folderOf(files[0] ?? '');

const isPlain = (file: string): boolean => /(?:^|\/)(?:docker-)?compose(?:\.override)?\.ya?ml$/i.test(file);

function candidatesOf({ services }: ComposeProject, project: ProjectEvidence): ComposeService[] {
  const lasting = services.filter(
    ({ name, runsToCompletion }) => !runsToCompletion && !namesNonProduction(name),
  );
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

/** Services named for MCP, else those that build the project's root Dockerfile, else all. */
function likeliest(built: ComposeService[]): ComposeService[] {
  return preferred(
    preferred(built, ({ name }) => !isInfrastructure(name)),
    ({ name, build }) => namesMcp(name) || namesMcp(build?.dockerfile ?? ''),
    ({ build }) => /^(?:Dockerfile|Containerfile)$/.test(build?.dockerfile ?? ''),
  );
}

/** Whether the build is neither for development nor a database with a plugin. */
function buildsServer(build: NonNullable<ComposeService['build']>, project: ProjectEvidence): boolean {
  const { dockerfile: file, context, target } = build;
  if ([file, `${context}/`].some(isNonProductionFile) || namesNonProduction(target)) return false;
  const dockerfile = dockerfileOf(project.dockerfiles, build);
  const stage = dockerfile && stageOf(dockerfile, target);
  const base = dockerfile && stage && baseImage({ dockerfile, stage });
  return !(base?.known && isInfrastructure(base.value));
}

/** Whether any compose file, even one for development, builds this service from this project. */
const isBuiltSomewhere = (name: string, project: ProjectEvidence): boolean =>
  project.compose.some(({ services }) => services.some((service) => service.name === name && service.build));
