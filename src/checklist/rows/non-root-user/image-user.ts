import type { Place } from '../../../evidence/declared.ts';
import type { DockerStage } from '../../../evidence/docker.ts';
import { placeText } from '../../../text/places.ts';
import { baseImage, lineage, type ServerImage } from '../../reading/server/stages.ts';
import { unresolved } from '../../reading/server/unresolved.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { defaultUser, isDotnetUser, isRoot } from './base-users.ts';

/** Programs that start another program as another user. The last four are supervisors. */
const userChangers = new Set([
  ...['gosu', 'su-exec', 'setpriv', 'runuser', 'chpst', 'su', 'sudo', 's6-setuidgid', 'capsh'],
  ...['supervisord', 's6-svscan', 's6-overlay', 'runsvdir'],
]);

/** Judges the user that an image starts as. */
export function judgeImageUser(image: ServerImage): Judgement {
  const stages = lineage(image.dockerfile, image.stage);
  const base = baseImage(image);
  const user = stages.find((stage) => stage.user)?.user;
  if (user && !user.known) {
    return base.known && isDotnetUser(user.text, base.value)
      ? pass(`USER ${user.text} (${placeText(user.at)}) is the unprivileged user of .NET images.`, user.at)
      : inconclusive(unresolved('USER ', user));
  }
  if (user) {
    const finding = `The image starts as user ${user.value} (${placeText(user.at)}).`;
    return isRoot(user.value) ? judgeRoot(finding, stages, user.at) : pass(finding, user.at);
  }
  const noUser = `The final stage of ${image.dockerfile.file} sets no USER.`;
  if (!base.known) return inconclusive(`${noUser} ${unresolved('FROM ', base)}`);
  const where = `${base.value} (${placeText(base.at)})`;
  switch (defaultUser(base.value)) {
    case 'unprivileged':
      return pass(`${noUser} Its base image ${where} runs as an unprivileged user.`, base.at);
    case 'root':
      return judgeRoot(`${noUser} Its base image ${where} runs as root.`, stages, base.at);
    default:
      return inconclusive(`${noUser} The user of its base image ${where} is unknown. Set USER.`);
  }
}

/** An image that starts as root may start its server as another user. */
function judgeRoot(finding: string, stages: DockerStage[], at: Place): Judgement {
  const starting = stages.find((stage) => stage.command);
  const program = starting?.command?.words.flatMap((word) => word.split(/\s+/)).find(isUserChanger);
  const script = starting?.startScript;
  const changer = starting?.command && program ? { program, at: starting.command.at } : script?.changesUser;
  if (changer) {
    return inconclusive(
      `${finding} But ${changer.program} (${placeText(changer.at)}) may change the user at start. Set USER instead.`,
    );
  }
  return script && !script.file
    ? inconclusive(
        `${finding} But ${script.name} may change the user at start, and the audit did not find it. Set USER instead.`,
      )
    : fail(finding, at);
}

const isUserChanger = (word: string): boolean =>
  word === '/init' || userChangers.has(word.split('/').at(-1) ?? '');
