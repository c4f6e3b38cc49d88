import { momentsOf } from '../checklist/reading/lab/proven-by.ts';
import { gatewayRecords } from '../checklist/reading/lab/records.ts';
import {
  type Criterion,
  contradiction,
  type Judgement,
  type Moment,
  notApplicable,
  type Row,
} from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LabEvidence } from '../evidence/lab/lab.ts';
import { printable } from '../text/printable.ts';

const stated = 'The configuration says that the server calls no upstream';

/**
 * What `"upstream": false` in the configuration means for a criterion about upstreams: it does not apply. If the lab saw the
 * server call an upstream, the headline of a row about upstreams fails, and other criteria are judged as usual.
 *
 * @returns undefined: the statement changes nothing
 */
export function judgeNoUpstream(criterion: Criterion, row: Row, evidence: Evidence): Judgement | undefined {
  const { noUpstream, lab } = evidence;
  if (!noUpstream || (criterion.about ?? row.about) !== 'upstream') return undefined;
  if (lab === undefined) return notApplicable(`${stated}.`);
  const call = upstreamCall(lab);
  if (call) {
    return row.about && criterion.id === row.headline
      ? contradiction(`${stated}, but in the lab it ${call.text}.`, call)
      : undefined;
  }
  // These may be upstreams that bypass the gateway.
  if (lab.baseline.interposition.direct.length > 0) return undefined;
  const unchecked = whyUnchecked(lab);
  return notApplicable(
    unchecked === null
      ? `${stated}. In the lab it sent no upstream request.`
      : `${stated}. The lab could not check this: ${unchecked}.`,
  );
}

function whyUnchecked({ baseline: { launch, calls, interposition } }: LabEvidence): string | null {
  const { outcome } = launch;
  const servers =
    outcome.kind === 'listening'
      ? [outcome.listener.pid]
      : outcome.kind === 'speaking'
        ? outcome.processes
        : [];
  if (!interposition.hellos.some(({ pid }) => servers.includes(pid)))
    return 'it could not instrument the server';
  return calls.some((call) => call.outcome.kind === 'result') ? null : 'no call had a result';
}

/** The first sign in the lab that the server calls an upstream. */
function upstreamCall(lab: LabEvidence): Moment | undefined {
  const [call] = gatewayRecords(lab).flatMap(({ experiment, record }): Moment[] => {
    const moment = momentsOf(experiment);
    return [
      ...record.requests.map(({ atMs, method, host, path }) =>
        moment(atMs, `sent ${printable(`${method} ${host}${path}`, 200)}`),
      ),
      ...record.failedConnections.flatMap(({ atMs, host }) =>
        host === null ? [] : [moment(atMs, `connected to ${printable(host, 200)}`)],
      ),
    ];
  });
  return call;
}
