import type { Healthcheck, ProjectEvidence } from '../../evidence/project.ts';
import { fail, inconclusive, type Judgement, pass } from '../row.ts';
import { agree } from './agreement.ts';
import { serverServices, unreadDeployments } from './compose-services.ts';
import { serverImages } from './server-image.ts';
import { lineage, placeText, type ServerImage, stageOf } from './stages.ts';

/** Something that may be the server as it is deployed, with the health check that runs for it. */
interface Checked {
  name: string;
  check: Healthcheck | undefined;
}

/** Compose's own check goes before that of the image it builds; without a service it is the image's. */
function checkedServers(project: ProjectEvidence): Checked[] {
  const services = serverServices(project).map(({ name, healthcheck, build }) => {
    const dockerfile = project.dockerfiles.find(({ file }) => file === build?.dockerfile);
    const stage = dockerfile && stageOf(dockerfile, build?.target);
    return {
      name,
      check: healthcheck ?? (dockerfile && stage && checkOf({ dockerfile, stage })),
      built: !!stage,
    };
  });
  // A service of a pulled image says nothing of the check that this project's image brings.
  const known = services.filter(({ check, built }) => check || built);
  if (known.length > 0) return known;
  return serverImages(project).map((image) => ({ name: image.dockerfile.file, check: checkOf(image) }));
}

const checkOf = ({ dockerfile, stage }: ServerImage): Healthcheck | undefined =>
  lineage(dockerfile, stage).find(({ healthcheck }) => healthcheck)?.healthcheck;

/** The container health checks that run. */
export function healthchecks(project: ProjectEvidence): Healthcheck[] {
  return checkedServers(project).flatMap(({ check }) => check ?? []);
}

/** Judges whether the platform polls the server. */
export function judgePolling(project: ProjectEvidence): Judgement {
  const servers = checkedServers(project);
  return servers.length > 0
    ? agree(
        servers,
        ({ name }) => name,
        (server) => judgeCheck(server, project),
      )
    : inconclusive('No Dockerfile and no compose service of the server was found.');
}

function judgeCheck({ check }: Checked, project: ProjectEvidence): Judgement {
  if (check?.kind === 'none') return fail(`${placeText(check.at)} switches the health check off.`);
  if (check) return pass(`${placeText(check.at)}: ${check.command}`);
  const [other] = unreadDeployments(project);
  return other
    ? inconclusive(
        `No HEALTHCHECK; ${other.file} (${other.kind}) may declare one, but this version does not read it.`,
      )
    : fail('Neither the Dockerfile nor compose declares a HEALTHCHECK.');
}

/** Path and query of a polled URL, which may name any host, and a port that only the shell knows (`:$PORT`). */
export function pathOf(url: string): string | undefined {
  const [, path = '/'] = /^https?:\/\/[^/?#\s]+([/?][^#\s]*)?/i.exec(url) ?? [];
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return /^https?:/i.test(url) && !/[$`{}]/.test(path) ? absolute : undefined;
}

/** What the deployment polls according to its files, as paths on the server. */
export function polledPaths(project: ProjectEvidence): string[] {
  const paths = healthchecks(project).flatMap((check) => check.urls.flatMap((url) => pathOf(url) ?? []));
  return [...new Set(paths)];
}
