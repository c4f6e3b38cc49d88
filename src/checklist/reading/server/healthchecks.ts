import type { Healthcheck } from '../../../evidence/declared.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { agree } from './agreement.ts';
import type { DeploymentUnit } from './deployment-unit.ts';
import { imagesOf, serverImages } from './server-image.ts';
import { judgeUnits, notSaidThere, serverUnits, unreadDeployments } from './server-units.ts';
import { lineage, type ServerImage } from './stages.ts';

/** A health check with the ports that its file says are in use, where it says so. */
export interface RunningCheck {
  check: Healthcheck;
  ports: string[];
}

/** Requests of an audit are few, and a server is polled at one path or two. */
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

/** Compose's own check goes before that of its image; Kubernetes, ECS and Fly.io do not look at an image's. */
function checksOf(one: DeploymentUnit, project: ProjectEvidence): RunningCheck[] {
  if (one.healthchecks.length > 0) {
    return one.healthchecks.map((check) => ({ check, ports: one.ports }));
  }
  return one.platform === 'compose' ? ofImages(imagesOf(one, project)) : [];
}

/** The health checks that run, and those of images that Docker would run. */
export function healthchecks(project: ProjectEvidence): RunningCheck[] {
  const all = serverUnits(project);
  const running = all.flatMap((one) => checksOf(one, project));
  const byImage = all.some(({ platform }) => platform === 'compose') ? [] : ofImages(serverImages(project));
  return [...running, ...byImage];
}

/** Judges whether the platform polls the server. */
export function judgePolling(project: ProjectEvidence): Judgement {
  if (serverUnits(project).length > 0) return judgeUnits(project, (one) => judgeChecks(one, project));
  const images = serverImages(project);
  return images.length > 0
    ? agree(
        images,
        ({ dockerfile }) => dockerfile.file,
        (image) => judgeImage(image, project),
      )
    : inconclusive('No Dockerfile and no deployment of the server was found.');
}

function judgeImage(image: ServerImage, project: ProjectEvidence): Judgement {
  const check = checkOf(image);
  if (check) return judgeCheck(check);
  const [other] = unreadDeployments(project);
  return other
    ? inconclusive(`No HEALTHCHECK; ${other.file} (${other.kind}) may declare one, but it was not read.`)
    : fail('Neither the Dockerfile nor compose declares a HEALTHCHECK.', image.stage.at);
}

const judgeCheck = (check: Healthcheck): Judgement =>
  check.kind === 'none'
    ? fail(`${placeText(check.at)} switches the health check off.`, check.at)
    : pass(`${placeText(check.at)}: ${check.command}`, check.at);

function judgeChecks(one: DeploymentUnit, project: ProjectEvidence): Judgement {
  const { title, at, platform, runs } = one;
  const [first] = checksOf(one, project);
  if (first) return judgeCheck(first.check);
  const where = `${title} (${placeText(at)})`;
  switch (platform) {
    case 'compose':
      // A service of a pulled image may bring a check of which nothing is known here.
      return one.build || imagesOf(one, project).length > 0
        ? fail(`Neither ${where} nor its image declares a HEALTHCHECK.`, at)
        : inconclusive(`${where} has no health check, and what its image brings is not known.`);
    case 'kubernetes':
      return fail(`${where} has no probe, and Kubernetes does not look at the image's HEALTHCHECK.`, at);
    case 'fly':
      return fail(`${where} has no check, and Fly.io does not look at the image's HEALTHCHECK.`, at);
    case 'render':
      return inconclusive(`${where} has no healthCheckPath; one may be set on Render's page.`);
    case 'ecs':
      return inconclusive(`${where} has no healthCheck; a load balancer may poll it all the same.`);
    default:
      return notSaidThere(
        one,
        runs === 'container client' ? 'the health of its container' : 'a path to poll',
      );
  }
}

/** Path and query of a polled URL, which may name any host, and a port that only the shell knows (`:$PORT`). */
export function pathOf(url: string): string | undefined {
  const [, path = '/'] = /^https?:\/\/[^/?#\s]+([/?][^#\s]*)?/i.exec(url) ?? [];
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return /^https?:/i.test(url) && !/[$`{}]/.test(path) ? absolute : undefined;
}

/** The port of a polled URL, where it is known. */
export const portOf = (url: string): string | undefined =>
  /^https?:\/\/(?:\[[^\]]*\]|[^/?#:\s]+):(\d{1,5})(?:[/?#]|$)/i.exec(url)?.[1];

/** Whether a check may ask another listener of the process than the one that serves MCP: a port for metrics or health. */
export const mayAskAnotherPort = (url: string, ports: readonly string[]): boolean => {
  const port = portOf(url);
  const known = new Set(ports.filter((declared) => /^\d+$/.test(declared)));
  return port !== undefined && known.size > 0 && (known.size > 1 || !known.has(port));
};

/** What the deployment polls according to its files, as paths on the server. */
export function polledPaths(project: ProjectEvidence): string[] {
  const paths = healthchecks(project).flatMap(({ check }) => check.urls.flatMap((url) => pathOf(url) ?? []));
  return [...new Set(paths)].slice(0, pathLimit);
}
