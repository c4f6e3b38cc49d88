import type { ProjectEvidence } from '../../../evidence/project.ts';
import { agree } from '../../reading/server/agreement.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { imagesOf, judgeImages, serverImages } from '../../reading/server/server-image.ts';
import { serverUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { placeText } from '../../reading/server/stages.ts';
import { contradiction, fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';
import { isRoot } from './base-users.ts';
import { judgeImageUser } from './image-user.ts';

/**
 * Judges the user that the server starts as: the one that its deployment names, else that of the image it runs. A project
 * that is deployed as a program and has an image all the same is judged by both.
 */
export function judgeUser(project: ProjectEvidence): Judgement {
  const all = serverUnits(project);
  const judged = all.map((one) => ({ label: one.label, judgement: judgeOne(one, project) }));
  const applicable = judged.filter(({ judgement }) => judgement.verdict !== 'not-applicable');
  const images = serverImages(project);
  if (images.length > 0 && !all.some(({ runs }) => runs === 'image')) {
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

function judgeOne(one: DeploymentUnit, project: ProjectEvidence): Judgement {
  if (one.runs === 'image') return ownUser(one) ?? judgeItsImage(one, project);
  if (one.runs === 'container client') {
    return notApplicable(
      `${one.title} (${placeText(one.at)}) starts a container, which has a user of its own.`,
    );
  }
  return one.platform === 'systemd' ? judgeUnit(one) : unsupportedSetting(one, 'the user of a container');
}

/** A user that the deployment names goes before the image's; root there is {@link judgeOverride}'s. */
function ownUser({ title, user, nonRoot }: DeploymentUnit): Judgement | undefined {
  if (user?.known && !isRoot(user.value)) {
    return pass(
      `${title} runs it as ${user.value} (${placeText(user.at)}), whatever the image says.`,
      user.at,
    );
  }
  if (user && !user.known) return inconclusive(`user: ${user.text} (${placeText(user.at)}): ${user.why}`);
  return nonRoot?.known && nonRoot.value && !user
    ? pass(`${title} is not started as root (${placeText(nonRoot.at)}).`, nonRoot.at)
    : undefined;
}

function judgeItsImage(one: DeploymentUnit, project: ProjectEvidence): Judgement {
  const images = imagesOf(one, project);
  return images.length > 0
    ? agree(images, ({ dockerfile }) => dockerfile.file, judgeImageUser)
    : judgeImages(project, judgeImageUser);
}

/** systemd.exec(5): units of the system run as root when nothing else is said. */
function judgeUnit({ title, kind, at, user, nonRoot }: DeploymentUnit): Judgement {
  if (nonRoot?.known && nonRoot.value) {
    return pass(`${title}: DynamicUser gives it a user of its own (${placeText(nonRoot.at)}).`, nonRoot.at);
  }
  if (user && !user.known) return inconclusive(`User=${user.text} (${placeText(user.at)}): ${user.why}`);
  if (user) {
    const finding = `${title}: User=${user.value} (${placeText(user.at)}).`;
    return isRoot(user.value) ? fail(finding, user.at) : pass(finding, user.at);
  }
  return kind === 'user service'
    ? inconclusive(`${title} (${placeText(at)}) runs as the user whose manager starts it.`)
    : fail(`${title} (${placeText(at)}) has neither User= nor DynamicUser=, so it runs as root.`, at);
}

/** Judges whether the deployment puts root back over the image, or refuses an image that is root. */
export function judgeOverride(one: DeploymentUnit, project: ProjectEvidence): Judgement {
  const { title, user, nonRoot, runs } = one;
  if (runs !== 'image') return notApplicable(`${title} runs no image.`);
  if (user && !user.known) return inconclusive(`user: ${user.text} (${placeText(user.at)}): ${user.why}`);
  if (user && isRoot(user.value)) {
    return contradiction(
      `${title} sets user ${user.value} (${placeText(user.at)}), whatever the image says.`,
      user.at,
    );
  }
  if (user) return pass(`${title} sets user ${user.value} (${placeText(user.at)}).`, user.at);
  if (!nonRoot?.known || !nonRoot.value) return notApplicable('No deployment of the server sets a user.');
  const images = imagesOf(one, project);
  const image =
    images.length > 0 ? agree(images, ({ dockerfile }) => dockerfile.file, judgeImageUser) : undefined;
  return image?.verdict === 'fail'
    ? contradiction(
        `${title} is never started as root (${placeText(nonRoot.at)}), so it does not start: ${image.finding}`,
        nonRoot.at,
        ...(image.sources ?? []),
      )
    : pass(`${title} is never started as root (${placeText(nonRoot.at)}).`, nonRoot.at);
}
