import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { type DeploymentUnit, platformNames } from '../../reading/server/deployment-unit.ts';
import { serverUnits } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Seconds that each platform waits when nothing is said. */
const patience: Record<DeploymentUnit['platform'], number> = {
  compose: 10,
  kubernetes: 30,
  systemd: 90,
  fly: 5,
  render: 30,
  procfile: 30,
  ecs: 30,
  pm2: 1.6,
};

/** Less is no time to finish a call in, whose upstream may take as long. */
const enough = 5;

/** Judges whether a platform asks the server to stop, and gives it time for that. */
export function judgeTimeToStop(one: DeploymentUnit): Judgement {
  const { title, at, platform, stopSeconds, stopSignal } = one;
  if (stopSignal?.known && /^(?:SIG)?(?:KILL|STOP)$|^9$/.test(stopSignal.value)) {
    return fail(`${title} is stopped with ${stopSignal.value} (${placeText(stopSignal.at)}).`, stopSignal.at);
  }
  if (!stopSeconds) {
    const finding = `${title} (${placeText(at)}) says nothing of it, and ${platformNames[platform]} waits ${patience[platform]} s.`;
    return patience[platform] >= enough ? pass(finding, at) : fail(finding, at);
  }
  if (!stopSeconds.known) {
    return inconclusive(`${title}: ${stopSeconds.text} (${placeText(stopSeconds.at)}): ${stopSeconds.why}`);
  }
  const finding = `${title} has ${stopSeconds.value} s to stop in (${placeText(stopSeconds.at)}).`;
  const seconds = secondsOf(one);
  if (seconds === undefined) return inconclusive(finding);
  return seconds >= enough ? pass(finding, stopSeconds.at) : fail(finding, stopSeconds.at);
}

/** Undefined: it is not said in a form that anybody can read. */
function secondsOf({ platform, stopSeconds }: DeploymentUnit): number | undefined {
  if (!stopSeconds) return patience[platform];
  if (!stopSeconds.known) return undefined;
  const seconds = stopSeconds.value === 'infinity' ? Number.POSITIVE_INFINITY : Number(stopSeconds.value);
  // systemd waits for ever when it is given no time at all (systemd.service(5): TimeoutStopSec=).
  if (platform === 'systemd' && seconds === 0) return Number.POSITIVE_INFINITY;
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** The longest that any deployment of the server waits, in milliseconds; 0: there is none. One that cannot be read may wait for ever. */
export function longestStopMs(project: ProjectEvidence): number {
  const seconds = serverUnits(project).map((one) => secondsOf(one) ?? Number.POSITIVE_INFINITY);
  return Math.max(0, ...seconds) * 1000;
}
