import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { serverUnits, unknownSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Seconds that each platform waits by default. */
const defaultSeconds: Record<DeploymentUnit['platform'], number> = {
  compose: 10,
  kubernetes: 30,
  systemd: 90,
  fly: 5,
  render: 30,
  procfile: 30,
  ecs: 30,
  pm2: 1.6,
};

/** In a shorter time no call can wait for its upstream. */
const leastSeconds = 5;

/** Judges whether the platform stops the server with a signal that it can handle, and with enough time. */
export function judgeTimeToStop(unit: DeploymentUnit): Judgement {
  const { title, at, platform, stopSeconds, stopSignal } = unit;
  if (stopSignal?.known && /^(?:SIG)?(?:KILL|STOP)$|^9$/.test(stopSignal.value)) {
    return fail(
      `${title} sets the stop signal ${stopSignal.value} (${placeText(stopSignal.at)}). No process can handle this signal.`,
      stopSignal.at,
    );
  }
  const seconds = secondsOf(unit);
  if (stopSeconds && !stopSeconds.known)
    return inconclusive(unknownSetting(title, 'its stop timeout', stopSeconds));
  const place = stopSeconds?.at ?? at;
  const finding = stopSeconds
    ? `${title} has ${stopSeconds.value === 'infinity' ? 'unlimited time' : `${stopSeconds.value} s`} to stop (${placeText(place)}); the minimum is ${leastSeconds} s.`
    : `${title} (${placeText(place)}) sets no stop timeout. The platform's default is ${defaultSeconds[platform]} s; the minimum is ${leastSeconds} s.`;
  if (seconds === undefined) return inconclusive(`${finding} This value is not a number of seconds.`);
  return seconds >= leastSeconds ? pass(finding, place) : fail(finding, place);
}

/** Undefined when the declared value cannot be read. */
function secondsOf({ platform, stopSeconds }: DeploymentUnit): number | undefined {
  if (!stopSeconds) return defaultSeconds[platform];
  if (!stopSeconds.known) return undefined;
  const seconds = stopSeconds.value === 'infinity' ? Number.POSITIVE_INFINITY : Number(stopSeconds.value);
  // systemd takes zero for no limit (systemd.service(5): TimeoutStopSec=).
  if (platform === 'systemd' && seconds === 0) return Number.POSITIVE_INFINITY;
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** The longest stop timeout of any deployment in milliseconds; 0 without one. One that cannot be read counts as unlimited. */
export function longestStopMs(project: ProjectEvidence): number {
  const seconds = serverUnits(project).map((unit) => secondsOf(unit) ?? Number.POSITIVE_INFINITY);
  return Math.max(0, ...seconds) * 1000;
}
