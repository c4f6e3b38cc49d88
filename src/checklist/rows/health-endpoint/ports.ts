import type { Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { portOf } from '../../reading/server/healthchecks.ts';
import { imagesOf } from '../../reading/server/server-image.ts';
import { judgeUnits, serverUnits } from '../../reading/server/server-units.ts';
import { lineage } from '../../reading/server/stages.ts';
import { contradiction, type Judgement, notApplicable, pass } from '../../row.ts';

/** A port that something outside of the server asks for. */
interface Asked {
  port: string;
  /** By a health check; else it is published. */
  polled: boolean;
  how: string;
  at: Place;
}

/**
 * Judges whether the ports that are polled and published are ones that the server may listen on: the one that it is given as
 * PORT, or one that stands anywhere else in what is known of it.
 */
export function judgePorts(project: ProjectEvidence): Judgement {
  return serverUnits(project).length > 0
    ? judgeUnits(project, (one) => judgeOne(one, project))
    : notApplicable('No deployment of the server was found.');
}

function judgeOne(one: DeploymentUnit, project: ProjectEvidence): Judgement {
  const images = imagesOf(one, project);
  const [image, ...others] = images;
  if (others.length > 0) return notApplicable('It is not known which image it runs.');
  const stages = image ? lineage(image.dockerfile, image.stage) : [];
  const variables = [...one.environment, ...stages.flatMap(({ variables }) => variables)];
  const told = variables.find(({ name }) => name === 'PORT')?.value;
  if (!told?.known || !/^\d+$/.test(told.value)) {
    return notApplicable(`${one.title} is not told by its files which port to listen on.`);
  }
  const asked = askedPorts(one, stages);
  const right = asked.find(({ port }) => port === told.value);
  const exposes = stages.some((stage) => stage.exposes.length > 0);
  // A debugger or an admin listener may have a port of its own, beside the one that fits.
  const wrong = asked.find(
    ({ port, polled }) =>
      port !== told.value && !mentions(one, stages, port) && (!right || (polled && exposes)),
  );
  if (wrong) {
    return contradiction(
      `${wrong.how} port ${wrong.port} (${placeText(wrong.at)}), but PORT is ${told.value} (${placeText(told.at)}), and nothing else names ${wrong.port}.`,
      wrong.at,
      told.at,
    );
  }
  return right
    ? pass(
        `${right.how} port ${right.port} (${placeText(right.at)}), and PORT is the same.`,
        right.at,
        told.at,
      )
    : notApplicable(`Nothing polls or publishes a port of ${one.title} that is known.`);
}

function askedPorts(
  { platform, title, at, ports, healthchecks }: DeploymentUnit,
  stages: DockerStage[],
): Asked[] {
  const fromImage = stages.find(({ healthcheck }) => healthcheck)?.healthcheck;
  const checks =
    healthchecks.length === 0 && platform === 'compose' && fromImage ? [fromImage] : healthchecks;
  const polled = checks.flatMap((check) =>
    check.urls.filter(isLocal).flatMap((url) => {
      const port = portOf(url);
      return port === undefined ? [] : [{ port, polled: true, how: 'The health check asks', at: check.at }];
    }),
  );
  // What a container of Kubernetes or ECS says of its ports opens none.
  const published = ['compose', 'fly'].includes(platform) ? ports.filter((port) => /^\d+$/.test(port)) : [];
  return [...polled, ...published.map((port) => ({ port, polled: false, how: `${title} publishes`, at }))];
}

const isLocal = (url: string): boolean =>
  /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])[:/]/.test(url);

/** Whether a port stands anywhere else in what is known of the server, so that it may well listen there. */
function mentions(one: DeploymentUnit, stages: DockerStage[], port: string): boolean {
  const variables = [...one.environment, ...stages.flatMap(({ variables }) => variables)];
  const texts = [
    one.command ?? '',
    // What other platforms list as a container's port is meant as what it listens on.
    ...(['compose', 'fly'].includes(one.platform) ? [] : one.ports),
    ...variables.map(({ value }) => (value.known ? value.value : value.text)),
    ...stages.flatMap(({ exposes }) => exposes.map((value) => (value.known ? value.value : value.text))),
    ...stages.flatMap(({ command }) => command?.words ?? []),
  ];
  return texts.some((text) => text.split(/\D+/).includes(port));
}
