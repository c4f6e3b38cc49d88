import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { agree } from '../../reading/server/agreement.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { imagesOf, judgeImages, serverImages } from '../../reading/server/server-image.ts';
import { serverUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { unresolved } from '../../reading/server/unresolved.ts';
import { contradiction, fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';
import { isRoot } from './base-users.ts';
import { judgeImageUser } from './image-user.ts';

/**
 * Judges the user that the server starts as: the one that its deployment names, else that of its image. A project that is
 * deployed as a program but also has an image is judged by both.
 */
export function judgeUser(project: ProjectEvidence): Judgement {
  const units = serverUnits(project);
  const judged = units.map((unit) => ({ label: unit.label, judgement: judgeUnitUser(unit, project) }));
  const applicable = judged.filter(({ judgement }) => judgement.verdict !== 'not-applicable');
  const images = serverImages(project);
  if (images.length > 0 && !units.some(({ runs }) => runs === 'image')) {
    const label = images.map(({ dockerfile }) => dockerfile.file).join(', ');
    applicable.push({ label, judgement: judgeImages(project, judgeImageUser) });
  }
  if (applicable.length === 0) return judged[0]?.judgement ?? judgeImages(project, judgeImageUser);
  return agree(
    applicable,
    ({ label }) => label,
    ({ judgement }) => judgement,
  );
}

function judgeUnitUser(unit: DeploymentUnit, project: ProjectEvidence): Judgement {
  if (unit.runs === 'image') {
    return ownUser(unit) ?? judgeOwnImage(unit, project) ?? judgeImages(project, judgeImageUser);
  }
  if (unit.runs === 'container client') {
    return notApplicable(
      `${unit.title} (${placeText(unit.at)}) starts a container. That container has its own user.`,
    );
  }
  return unit.platform === 'systemd'
    ? judgeSystemdUser(unit)
    : unsupportedSetting(unit, 'the user of a container');
}

/** A user that the deployment names overrides that of the image. {@link judgeOverride} judges root there. */
function ownUser({ title, user, nonRoot }: DeploymentUnit): Judgement | undefined {
  if (user && !user.known) return inconclusive(unresolved('user: ', user));
  if (user) {
    return isRoot(user.value)
      ? undefined
      : pass(`${title} runs the image as user ${user.value} (${placeText(user.at)}).`, user.at);
  }
  return nonRoot?.known && nonRoot.value
    ? pass(`${title} refuses to start as root (${placeText(nonRoot.at)}).`, nonRoot.at)
    : undefined;
}

function judgeOwnImage(unit: DeploymentUnit, project: ProjectEvidence): Judgement | undefined {
  const images = imagesOf(unit, project);
  return images.length > 0 ? agree(images, ({ dockerfile }) => dockerfile.file, judgeImageUser) : undefined;
}

/** systemd.exec(5): a system unit without a user runs as root. */
function judgeSystemdUser({ title, kind, at, user, nonRoot }: DeploymentUnit): Judgement {
  if (nonRoot?.known && nonRoot.value) {
    return pass(`${title} runs as a dynamic user (DynamicUser=, ${placeText(nonRoot.at)}).`, nonRoot.at);
  }
  if (user && !user.known) return inconclusive(unresolved('User=', user));
  if (user) {
    const finding = `${title} sets User=${user.value} (${placeText(user.at)}).`;
    return isRoot(user.value) ? fail(finding, user.at) : pass(finding, user.at);
  }
  return kind === 'user service'
    ? inconclusive(
        `The user of ${title} (${placeText(at)}) is unknown: a user’s own manager starts it. Set User= in a system unit.`,
      )
    : fail(`${title} (${placeText(at)}) runs as root. It sets neither User= nor DynamicUser=.`, at);
}

/** Judges whether the deployment overrides the image’s user with root, or refuses an image that runs as root. */
export function judgeOverride(unit: DeploymentUnit, project: ProjectEvidence): Judgement {
  const { title, user, nonRoot, runs } = unit;
  if (runs !== 'image') return notApplicable(`${title} runs no image.`);
  if (user && !user.known) return inconclusive(unresolved('user: ', user));
  if (user) {
    const finding = `${title} sets user ${user.value} (${placeText(user.at)}).`;
    return isRoot(user.value)
      ? contradiction(`${finding} This overrides the user of the image.`, user.at)
      : pass(finding, user.at);
  }
  if (!nonRoot?.known || !nonRoot.value) return notApplicable('No deployment of the server sets a user.');
  const finding = `${title} refuses to start as root (${placeText(nonRoot.at)}).`;
  const image = judgeOwnImage(unit, project);
  return image?.verdict === 'fail'
    ? contradiction(
        `${finding} Its image cannot start under this setting. ${image.finding}`,
        nonRoot.at,
        ...(image.sources ?? []),
      )
    : pass(finding, nonRoot.at);
}
