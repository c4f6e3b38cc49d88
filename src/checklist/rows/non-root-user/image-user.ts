import type { Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import { placeText } from '../../../text/places.ts';
import { baseImage, lineage, type ServerImage } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { defaultUser, isDotnetUser, isRoot } from './base-users.ts';

/** Programs that start another one as another user. */
const userChangers = new Set(
  ['gosu', 'su-exec', 'setpriv', 'runuser', 'chpst', 'su', 'sudo', 's6-setuidgid', 'capsh'].concat(
    // Supervisors that give each of their processes a user.
    ['supervisord', 's6-svscan', 's6-overlay', 'runsvdir'],
  ),
);

/** Judges the user that an image starts as, and says where that is not the last word. */
export function judgeImageUser(image: ServerImage): Judgement {
  const stages = lineage(image.dockerfile, image.stage);
  const base = baseImage(image);
  const user = stages.find((stage) => stage.user)?.user;
  if (user && !user.known) {
    const where = `USER ${user.text} (${placeText(user.at)})`;
    return base.known && isDotnetUser(user.text, base.value)
      ? pass(`${where}: the unprivileged user of .NET images.`, user.at)
      : inconclusive(`${where}: ${user.why}`);
  }
  if (user) {
    const where = `USER ${user.value} (${placeText(user.at)})`;
    return isRoot(user.value)
      ? judgeRoot(`${where}: the image starts as root`, stages, user.at)
      : pass(`${where}.`, user.at);
  }
  if (!base.known) return inconclusive(`No USER, and FROM ${base.text} (${placeText(base.at)}): ${base.why}`);
  const where = `No USER in the final stage of ${image.dockerfile.file}; its base ${base.value} (${placeText(base.at)})`;
  switch (defaultUser(base.value)) {
    case 'unprivileged':
      return pass(`${where} runs as an unprivileged user.`, base.at);
    case 'root':
      return judgeRoot(`${where} runs as root`, stages, base.at);
    default:
      return inconclusive(
        `${where} decides, and its user cannot be read from files. Set USER to make it certain.`,
      );
  }
}

/** An image that starts as root may start its server as somebody else. */
function judgeRoot(finding: string, stages: DockerStage[], at: Place): Judgement {
  const command = stages.find((stage) => stage.command)?.command;
  const changer = command?.words.flatMap((word) => word.split(/\s+/)).find(isUserChanger);
  if (command && changer) {
    return inconclusive(
      `${finding}, but ${changer} (${placeText(command.at)}) may change the user at start.`,
    );
  }
  const script = stages.find((stage) => stage.command)?.startScript;
  if (script?.changesUser) {
    return inconclusive(
      `${finding}, but ${script.changesUser.program} (${placeText(script.changesUser.at)}) may change the user at start.`,
    );
  }
  if (script && !script.file) {
    return inconclusive(`${finding}, and ${script.name}, which may change the user at start, was not found.`);
  }
  return fail(`${finding}.`, at);
}

const isUserChanger = (word: string): boolean =>
  word === '/init' || userChangers.has(word.split('/').at(-1) ?? '');
