import type { CacheHint, WireEvidence } from '../../../evidence/wire.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { listOf, serverSource } from '../../reading/server/server-source.ts';
import { exchangeOf, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import {
  fail,
  inconclusive,
  type Judgement,
  needsExperiment,
  notApplicable,
  pass,
  type Row,
} from '../../row.ts';
import { judgeCoalesced, judgeKeyed, judgeRepeated } from './caching.ts';
import { judgeKeptErrors } from './caching-errors.ts';
import { remedies } from './remedies.ts';

const countUpstream = (what: string) => needsExperiment(`count what reaches the upstream ${what}`);
const repeated = countUpstream('when a call is repeated');

export const responseCaching: Row = {
  id: 'response-caching',
  title: 'Response caching',
  category: 'Performance',
  level: 'recommended',
  why: 'A model asks the same question again and again; without a cache each one costs quota and the upstream latency.',
  fix: 'Cache read-only results for a bounded time, keyed by normalised arguments, never errors, and share the call when equal ones are in flight.',
  basis: [
    'Production checklist: Performance, "Response caching" (Recommended)',
    'MCP 2026-07-28, caching (ttlMs, cacheScope): https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching',
  ],
  remedies,
  headline: 'repeated-call',
  criteria: [
    {
      id: 'repeated-call',
      kind: 'core',
      title: 'A repeated read-only call reaches the upstream once',
      // A cache in the code may hold anything: sessions, counts. Only what reaches the upstream tells.
      declared: (project) => {
        const caches = serverSource(project)?.caches ?? [];
        const seen =
          caches.length > 0 ? `The source makes ${listOf(caches, ({ library }) => library)}. ` : '';
        return inconclusive(`${seen}${repeated}`);
      },
      reads: ['source'],
      proven: provenBy('caching', judgeRepeated),
      unknownReason: repeated,
    },
    {
      id: 'keyed-by-arguments',
      kind: 'core',
      title: 'Different arguments do not share an answer',
      fix: 'Make every argument that changes the answer a part of the key.',
      supporting: true,
      proven: provenBy('caching', judgeKeyed),
      unknownReason: countUpstream('when calls differ'),
    },
    {
      id: 'errors-not-cached',
      kind: 'core',
      title: 'An error is not kept',
      fix: 'Store an answer only after it was found good; let an error pass and store nothing.',
      supporting: true,
      proven: provenBy('caching', judgeKeptErrors),
      unknownReason: needsExperiment('let the upstream fail once and call again'),
    },
    {
      id: 'coalesced',
      kind: 'extra',
      title: 'Equal calls in flight share one upstream request',
      fix: 'Keep the promise of a call in flight under the same key as its answer, and let equal calls wait for it.',
      proven: provenBy('caching', judgeCoalesced),
      unknownReason: countUpstream('when equal calls run side by side'),
    },
    {
      id: 'list-hints',
      kind: 'extra',
      title: 'Results of 2026-07-28 say how long they may be kept, and by whom',
      fix: 'Give server/discover and list results "ttlMs" and "cacheScope"; ttlMs 0 and "private" are right for what changes at any time.',
      observed: judgeHints,
    },
  ],
};

/** Revision 2026-07-28 requires both hints of these results; a client takes what has none for stale. */
function judgeHints(wire: WireEvidence): Judgement {
  const [first, ...others] = wire.cacheHints;
  if (!first) {
    return wire.clients.some(({ era, outcome }) => era === 'legacy' && outcome.connected)
      ? notApplicable('No result of revision 2026-07-28 was served; earlier ones have no such hints.')
      : inconclusive(whyUnsent(wire, 'No result of revision 2026-07-28 was served.'));
  }
  const bare = wire.cacheHints.find((hint) => !isWhole(hint));
  const read = (hint: CacheHint) => exchangeOf(wire, hint.exchange);
  if (bare) return fail(`${hintText(bare)}: ${summary(read(bare))}.`, read(bare));
  const texts = [...new Set([first, ...others].map(hintText))];
  return pass(`${texts.join('; ')}.`, ...wire.cacheHints.map(read));
}

const isWhole = ({ ttlMs, cacheScope }: CacheHint): boolean =>
  ttlMs !== null &&
  Number.isSafeInteger(ttlMs) &&
  ttlMs >= 0 &&
  (cacheScope === 'public' || cacheScope === 'private');

const hintText = ({ method, ttlMs, cacheScope }: CacheHint): string =>
  `${method} says ttlMs ${ttlMs ?? 'nothing'} and cacheScope ${cacheScope ?? 'nothing'}`;
