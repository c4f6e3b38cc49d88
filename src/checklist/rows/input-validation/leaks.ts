import type { Evidence } from '../../../evidence/evidence.ts';
import type { Exchange } from '../../../evidence/exchange.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { count, joined } from '../../../text/counts.ts';
import { type Leak, leakIn } from '../../../text/leaks.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { upstreamRequests } from '../../reading/lab/records.ts';
import { type LabResponse, responsesOf } from '../../reading/lab/responses.ts';
import { isServed, isUnavailable, probeSummary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, type Source } from '../../row.ts';
import { errorResponses } from './error-responses.ts';

/** Error responses that were searched. */
interface Search {
  /** As sentences, with their source. */
  leaks: { finding: string; source: Source }[];
  /** Errors of the server itself: not of a limiter, an overload or a proxy. */
  clean: number;
  sources: Source[];
}

export const judgeLeaks = (wire: WireEvidence): Judgement =>
  judged(searchWire(wire), whyUnsent(wire, 'The server sent no error response.'));

/**
 * Judges every error response that the lab received, and those to its own wire audit. Undefined: an audit of another instance
 * decides.
 */
export function judgeLeaksInLab(lab: LabEvidence, { wire }: Evidence): Judgement | undefined {
  const audited = wire !== undefined && isServed(wire) ? [searchWire(wire)] : [];
  const burst = lab.experiments['rate-limit'];
  const seen = together([
    searchLab(lab),
    ...(burst?.ran ? [searchWire(burst.history.wire)] : []),
    ...(lab.ownWire ? audited : []),
  ]);
  if (seen.leaks.length === 0) {
    if (audited.some(({ leaks }) => leaks.length > 0)) return undefined;
    if (lab.baseline.connection === null) {
      return inconclusive(
        'The lab could connect no client. What the errors of the server contain is unknown.',
      );
    }
  }
  return judged(seen, 'The server sent no error response.');
}

const together = (searches: readonly Search[]): Search => ({
  leaks: searches.flatMap(({ leaks }) => leaks),
  clean: searches.reduce((sum, { clean }) => sum + clean, 0),
  sources: searches.flatMap(({ sources }) => sources),
});

function judged({ leaks: [leak], clean, sources }: Search, otherwise: string): Judgement {
  if (leak !== undefined) return fail(leak.finding, leak.source);
  return clean > 0
    ? pass(
        `The server sent ${count(clean, 'error')}. None contains a stack trace, a path or a key.`,
        ...sources,
      )
    : inconclusive(otherwise);
}

function searchWire(wire: WireEvidence): Search {
  const errors = errorResponses(wire);
  const calls = new Set(wire.toolCalls.map(({ exchange }) => exchange));
  const returnsPaths = wire.toolCalls.some(({ outcome, text }) => outcome === 'result' && hasPath(text));
  const own = errors.filter(({ answer }) => !isUnavailable(answer.status));
  return {
    leaks: errors.flatMap(({ exchange, answer }) => {
      const leak = leakOf(exchange, answer.body, returnsPaths && calls.has(exchange.id));
      return leak === undefined
        ? []
        : { finding: `${probeSummary(exchange)}. The response contains ${leak}.`, source: exchange };
    }),
    clean: own.length,
    sources: own.map(({ exchange }) => exchange),
  };
}

function searchLab(lab: LabEvidence): Search {
  const responses = responsesOf(lab);
  const listing = callsThatReturnPaths(responses);
  // A path of the upstream is no path of the server.
  const asked = upstreamRequests(lab).map(({ path }) => path);
  const errors = responses.filter(({ isError }) => isError);
  return {
    leaks: errors.flatMap((error) => {
      const { experiment, atMs, request, what } = error;
      const leak = leakInLab(error, asked.join('\n'), listing.has(request));
      if (leak === undefined) return [];
      return {
        finding: `The server answered ${request} with ${what}. The error contains ${leak}.`,
        source: momentsOf(experiment)(atMs, `the server answered ${request} with ${what}`),
      };
    }),
    clean: errors.filter(({ status }) => !isUnavailable(status)).length,
    sources: [],
  };
}

function leakInLab(
  { text, sent, canaries }: LabResponse,
  asked: string,
  returnsPaths: boolean,
): string | undefined {
  if (canaries.length > 0) return `the value of ${joined(canaries)}`;
  return leakText(leakIn(text, `${sent}\n${asked}`), returnsPaths);
}

/**
 * What an error leaks, for a person. The text is masked, and the exchange lists the secrets in it.
 *
 * @param returnsPaths whether the results of the tool have paths too
 */
export function leakOf(
  { exposes, request }: Exchange,
  text: string,
  returnsPaths = false,
): string | undefined {
  if (exposes.length > 0) return joined(exposes);
  return leakText(leakIn(text, `${new URL(request.url).pathname} ${request.body ?? ''}`), returnsPaths);
}

const leakText = (leak: Leak | undefined, returnsPaths: boolean): string | undefined =>
  leak?.kind === 'path' && returnsPaths ? undefined : leak?.text;

/** A tool for files names files in its errors, too. */
const hasPath = (text: string): boolean => leakIn(text)?.kind === 'path';

/** The calls whose results have paths. */
const callsThatReturnPaths = (responses: readonly LabResponse[]): ReadonlySet<string> =>
  new Set(
    responses.flatMap(({ to, request, isError, text }) =>
      to === 'call' && !isError && hasPath(text) ? request : [],
    ),
  );
