import type { Place } from '../../../evidence/declared.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { placeText } from '../../../text/places.ts';
import { healthchecks, mayAskAnotherPort, pathOf } from '../../reading/server/healthchecks.ts';
import { whyNotRead } from '../../reading/server/server-units.ts';
import { whyUnread } from '../../reading/server/unfinished.ts';
import { exchangeOf, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { isUnanswered, statusOf } from '../../reading/wire/health-responses.ts';
import { contradiction, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

/** Judges whether the server answers the paths that its deployment polls. */
export function judgePolledPaths(wire: WireEvidence, { project }: Evidence): Judgement {
  if (!project) {
    return inconclusive('Which path the deployment polls is unknown. Add --project <dir>.');
  }
  const declared = healthchecks(project).flatMap(({ check, ports }) =>
    check.urls.flatMap((url) => {
      const path = pathOf(url);
      const otherPort = mayAskAnotherPort(url, ports);
      return path === undefined ? [] : [{ path, otherPort, at: check.at }];
    }),
  );
  const requested = declared.flatMap((poll) => {
    const probe = wire.health.polled.find(({ path }) => path === poll.path);
    return probe ? [{ ...poll, exchange: exchangeOf(wire, probe.exchange) }] : [];
  });
  const [first] = requested;
  const unrequested = declared.find(({ path }) => !requested.some((poll) => poll.path === path));
  const silent = requested.find(({ exchange }) => isUnanswered(wire, exchange));
  if (silent) {
    return inconclusive(`${pollText(silent)}: ${summary(silent.exchange)}. Whether it exists is unknown.`);
  }
  const missing = requested.filter(({ exchange }) => ![200, 204, 503].includes(statusOf(exchange)));
  const wrong = missing.find(({ otherPort }) => !otherPort) ?? missing[0];
  if (wrong) {
    const finding = `${pollText(wrong)}: ${summary(wrong.exchange)}.`;
    return wrong.otherPort
      ? inconclusive(`${finding} It may poll another port, which the audit did not request.`)
      : contradiction(finding, wrong.at, wrong.exchange);
  }
  if (unrequested) {
    const why = /^[\w./~@:+-]+$/.test(unrequested.path)
      ? whyUnsent(wire, 'An audit requests only a few of the polled paths.')
      : 'Without --lab the audit requests only plain paths.';
    return inconclusive(`${pollText(unrequested)}. Whether this path exists is unknown. ${why}`);
  }
  return first
    ? pass(`${pollText(first)}: ${summary(first.exchange)}.`, first.at, first.exchange)
    : (whyUnread(project) ??
        whyNotRead(project) ??
        notApplicable('No health check of the deployment names a URL.'));
}

const pollText = ({ path, at }: { path: string; at: Place }): string =>
  `The health check at ${placeText(at)} polls ${path}`;
