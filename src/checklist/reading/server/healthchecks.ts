import type { Healthcheck } from '../../../evidence/declared.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { agree } from './agreement.ts';
import type { DeploymentUnit } from './deployment-unit.ts';
import { imagesOf, serverImages } from './server-image.ts';
import { judgeUnits, serverUnits, unreadDeployments, unsupportedSetting } from './server-units.ts';
import { lineage, type ServerImage } from './stages.ts';

/** A health check and the ports that its file declares. */
export interface RunningCheck {
  check: Healthcheck;
  ports: string[];
}

/** An audit sends few requests, and most servers have one or two polled paths. */
const pathLimit = 5;

const checkOf = ({ dockerfile, stage }: ServerImage): Healthcheck | undefined =>
  lineage(dockerfile, stage).find(({ healthcheck }) => healthcheck)?.healthcheck;

const exposedBy = ({ dockerfile, stage }: ServerImage): string[] =>
  lineage(dockerfile, stage).flatMap(({ exposes }) =>
    exposes.flatMap((port) => (port.known ? [port.value.replace(/\/\w+$/, '')] : [])),
  );

const ofImages = (images: readonly ServerImage[]): RunningCheck[] =>
  images.flatMap((image) => {
    const check = checkOf(image);
    return check ? [{ check, ports: exposedBy(image) }] : [];
  });

/** Compose's own check overrides that of its image. Kubernetes, ECS and Fly.io ignore the image's check. */
function checksOf(unit: DeploymentUnit, project: ProjectEvidence): RunningCheck[] {
  if (unit.healthchecks.length > 0) {
    return unit.healthchecks.map((check) => ({ check, ports: unit.ports }));
  }
  return unit.platform === 'compose' ? ofImages(imagesOf(unit, project)) : [];
}

/** The health checks of the deployments, and those of images that Docker would run. */
export function healthchecks(project: ProjectEvidence): RunningCheck[] {
  const all = serverUnits(project);
  const running = all.flatMap((unit) => checksOf(unit, project));
  const byImage = all.some(({ platform }) => platform === 'compose') ? [] : ofImages(serverImages(project));
  return [...running, ...byImage];
}

/** Judges whether the platform polls the server. */
export function judgePolling(project: ProjectEvidence): Judgement {
  if (serverUnits(project).length > 0) return judgeUnits(project, (unit) => judgeChecks(unit, project));
  const images = serverImages(project);
  return images.length > 0
    ? agree(
        images,
        ({ dockerfile }) => dockerfile.file,
        (image) => judgeImage(image, project),
      )
    : inconclusive('The project has no Dockerfile and no deployment of the server.');
}

function judgeImage(image: ServerImage, project: ProjectEvidence): Judgement {
  const check = checkOf(image);
  if (check) return judgeCheck(check);
  const [other] = unreadDeployments(project);
  return other
    ? inconclusive(`The Dockerfile has no HEALTHCHECK. The audit did not read ${other.file} (${other.kind}).`)
    : fail('Neither the Dockerfile nor compose declares a HEALTHCHECK.', image.stage.at);
}

const judgeCheck = (check: Healthcheck): Judgement =>
  check.kind === 'none'
    ? fail(`${placeText(check.at)} disables the health check.`, check.at)
    : pass(`${placeText(check.at)} declares this health check: ${check.command}`, check.at);

function judgeChecks(unit: DeploymentUnit, project: ProjectEvidence): Judgement {
  const { title, at, platform, runs } = unit;
  const [first] = checksOf(unit, project);
  if (first) return judgeCheck(first.check);
  const where = `${title} (${placeText(at)})`;
  switch (platform) {
    case 'compose':
      // A pulled image may have a check of its own.
      return unit.build || imagesOf(unit, project).length > 0
        ? fail(`Neither ${where} nor its image declares a HEALTHCHECK.`, at)
        : inconclusive(`${where} has no health check. Whether its image has one is unknown.`);
    case 'kubernetes':
      return fail(`${where} has no probe, and Kubernetes ignores the HEALTHCHECK of the image.`, at);
    case 'fly':
      return fail(`${where} has no check, and Fly.io ignores the HEALTHCHECK of the image.`, at);
    case 'render':
      return inconclusive(`${where} has no healthCheckPath. The Render dashboard may set one.`);
    case 'ecs':
      return inconclusive(`${where} has no healthCheck. A load balancer may poll it.`);
    default:
      return unsupportedSetting(
        unit,
        runs === 'container client' ? 'the health of its container' : 'a path to poll',
      );
  }
}

/** Path and query of a polled URL. Its host may be any, and its port may be a shell variable (`:$PORT`). */
export function pathOf(url: string): string | undefined {
  const [, path = '/'] = /^https?:\/\/[^/?#\s]+([/?][^#\s]*)?/i.exec(url) ?? [];
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return /^https?:/i.test(url) && !/[$`{}]/.test(path) ? absolute : undefined;
}

/** The port of a polled URL; undefined when it is not a number. */
export const portOf = (url: string): string | undefined =>
  /^https?:\/\/(?:\[[^\]]*\]|[^/?#:\s]+):(\d{1,5})(?:[/?#]|$)/i.exec(url)?.[1];

/** Whether a check may poll another port than the one that serves MCP: for metrics or health. */
export const mayAskAnotherPort = (url: string, ports: readonly string[]): boolean => {
  const port = portOf(url);
  const known = new Set(ports.filter((declared) => /^\d+$/.test(declared)));
  return port !== undefined && known.size > 0 && (known.size > 1 || !known.has(port));
};

/** The paths that the deployment files poll. */
export function polledPaths(project: ProjectEvidence): string[] {
  const paths = healthchecks(project).flatMap(({ check }) => check.urls.flatMap((url) => pathOf(url) ?? []));
  return [...new Set(paths)].slice(0, pathLimit);
}
