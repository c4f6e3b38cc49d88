import type { Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { type DeploymentUnit, textOf } from '../../reading/server/deployment-unit.ts';
import { portOf } from '../../reading/server/healthchecks.ts';
import { imagesOf } from '../../reading/server/server-image.ts';
import { judgeUnits, serverUnits, whyNotRead } from '../../reading/server/server-units.ts';
import { lineage } from '../../reading/server/stages.ts';
import { contradiction, type Judgement, notApplicable, pass } from '../../row.ts';

/** A port that a health check polls or a deployment publishes. */
interface UsedPort {
  port: string;
  polled: boolean;
  /** "Service weather publishes" */
  use: string;
  at: Place;
}

/** Judges whether polled and published ports agree with PORT, unless another declaration explains them. */
export function judgePorts(project: ProjectEvidence): Judgement {
  return serverUnits(project).length > 0
    ? judgeUnits(project, (unit) => judgeUnit(unit, project))
    : (whyNotRead(project) ?? notApplicable('The project has no deployment of the server.'));
}

function judgeUnit(unit: DeploymentUnit, project: ProjectEvidence): Judgement {
  const [image, ...otherImages] = imagesOf(unit, project);
  if (otherImages.length > 0) return notApplicable(`${unit.title} may run one of several images.`);
  const stages = image ? lineage(image.dockerfile, image.stage) : [];
  const declared = variablesOf(unit, stages).find(({ name }) => name === 'PORT')?.value;
  if (!declared?.known || !/^\d+$/.test(declared.value)) {
    return notApplicable(`${unit.title} declares no PORT with a known number.`);
  }
  const used = usedPorts(unit, stages);
  const same = used.find(({ port }) => port === declared.value);
  const exposes = stages.some((stage) => stage.exposes.length > 0);
  // Beside a port that agrees, another may belong to a debugger or an admin listener.
  const wrong = used.find(
    ({ port, polled }) =>
      port !== declared.value && !mentions(unit, stages, port) && (!same || (polled && exposes)),
  );
  if (wrong) {
    return contradiction(
      `${wrong.use} port ${wrong.port} (${placeText(wrong.at)}), but PORT is ${declared.value} (${placeText(declared.at)}). Nothing else names ${wrong.port}.`,
      wrong.at,
      declared.at,
    );
  }
  return same
    ? pass(
        `${same.use} port ${same.port} (${placeText(same.at)}). PORT is the same (${placeText(declared.at)}).`,
        same.at,
        declared.at,
      )
    : notApplicable(`${unit.title} has no polled or published port to compare with PORT.`);
}

function usedPorts(
  { platform, title, at, ports, healthchecks }: DeploymentUnit,
  stages: DockerStage[],
): UsedPort[] {
  const fromImage = stages.find(({ healthcheck }) => healthcheck)?.healthcheck;
  const checks =
    healthchecks.length === 0 && platform === 'compose' && fromImage ? [fromImage] : healthchecks;
  const polled = checks.flatMap((check) =>
    check.urls.filter(isLocal).flatMap((url) => {
      const port = portOf(url);
      return port === undefined ? [] : [{ port, polled: true, use: 'The health check polls', at: check.at }];
    }),
  );
  // Kubernetes and ECS publish no port by listing it.
  const published = ['compose', 'fly'].includes(platform) ? ports.filter((port) => /^\d+$/.test(port)) : [];
  return [...polled, ...published.map((port) => ({ port, polled: false, use: `${title} publishes`, at }))];
}

const isLocal = (url: string): boolean =>
  /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])[:/]/.test(url);

const variablesOf = (
  { environment }: DeploymentUnit,
  stages: DockerStage[],
): DeploymentUnit['environment'] => [...environment, ...stages.flatMap(({ variables }) => variables)];

/** Whether another declaration names the port: the server may listen there. */
function mentions(unit: DeploymentUnit, stages: DockerStage[], port: string): boolean {
  const texts = [
    unit.command ?? '',
    // On other platforms a listed container port is one that it listens on.
    ...(['compose', 'fly'].includes(unit.platform) ? [] : unit.ports),
    ...variablesOf(unit, stages).map(({ value }) => textOf(value)),
    ...stages.flatMap(({ exposes }) => exposes.map(textOf)),
    ...stages.flatMap(({ command }) => command?.words ?? []),
  ];
  return texts.some((text) => text.split(/\D+/).includes(port));
}
