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
import { judgeCoalesced, judgeRepeated } from './caching.ts';
import { judgeCachedErrors } from './caching-errors.ts';
import { judgeKeyed } from './caching-keys.ts';
import { remedies } from './remedies.ts';

const repeatCall = 'repeat a call and count upstream requests';

export const responseCaching: Row = {
  id: 'response-caching',
  title: 'Response caching',
  category: 'Performance',
  level: 'recommended',
  why: 'A model asks the same question again and again. Without a cache, each repeat costs quota and upstream latency.',
  fix: 'Cache read-only results for a limited time, keyed by normalised arguments. Cache no errors. Share the upstream request of equal calls in flight.',
  basis: [
    'Production checklist: Performance, "Response caching" (Recommended)',
    'MCP 2026-07-28, caching (ttlMs, cacheScope): https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching',
  ],
  remedies,
  about: 'upstream',
  headline: 'repeated-call',
  criteria: [
    {
      id: 'repeated-call',
      kind: 'core',
      title: 'A repeated read-only call reaches the upstream once',
      // A cache in the source may hold anything, for example sessions. Only upstream requests show what it does.
      declared: (project) => {
        const caches = serverSource(project)?.caches ?? [];
        const found =
          caches.length > 0
            ? `The source creates a cache: ${listOf(caches, ({ library }) => library)}. `
            : '';
        return inconclusive(`${found}${needsExperiment(repeatCall)}`);
      },
      reads: ['source'],
      proven: provenBy('caching', judgeRepeated),
      experiment: repeatCall,
    },
    {
      id: 'keyed-by-arguments',
      kind: 'core',
      title: 'Calls with different arguments do not share a result',
      fix: 'Include every argument that changes the result in the cache key.',
      supporting: true,
      proven: provenBy('caching', judgeKeyed),
      experiment: 'vary the arguments and count upstream requests',
    },
    {
      id: 'errors-not-cached',
      kind: 'core',
      title: 'The server does not cache errors',
      fix: 'Store only successful results. Pass errors on and store nothing.',
      supporting: true,
      proven: provenBy('caching', judgeCachedErrors),
      experiment: 'let the upstream fail once and repeat the call',
    },
    {
      id: 'coalesced',
      kind: 'extra',
      title: 'Equal calls in flight share one upstream request',
      fix: 'Store the promise of a call in flight under its cache key. Let equal calls await it.',
      proven: provenBy('caching', judgeCoalesced),
      experiment: 'make equal calls in parallel and count upstream requests',
    },
    {
      id: 'list-hints',
      kind: 'extra',
      title: 'Results of revision 2026-07-28 declare ttlMs and cacheScope',
      fix: 'Add "ttlMs" and "cacheScope" to server/discover and list results. Use 0 and "private" for results that may change at any time.',
      observed: judgeHints,
    },
  ],
};

/** Revision 2026-07-28 requires both hints in these results. */
function judgeHints(wire: WireEvidence): Judgement {
  const { cacheHints } = wire;
  if (cacheHints.length === 0) {
    return wire.clients.some(({ era, outcome }) => era === 'legacy' && outcome.connected)
      ? notApplicable('The server serves only revisions before 2026-07-28, which have no cache hints.')
      : inconclusive(whyUnsent(wire, 'The server served no result of revision 2026-07-28.'));
  }
  const exchange = (hint: CacheHint) => exchangeOf(wire, hint.exchange);
  const invalid = cacheHints.find((hint) => !isValid(hint));
  if (invalid) {
    return fail(
      `${summary(exchange(invalid))}. ${hintText(invalid)} Expected: a whole ttlMs of at least 0, and cacheScope public or private.`,
      exchange(invalid),
    );
  }
  return pass([...new Set(cacheHints.map(hintText))].join(' '), ...cacheHints.map(exchange));
}

const isValid = ({ ttlMs, cacheScope }: CacheHint): boolean =>
  ttlMs !== null &&
  Number.isSafeInteger(ttlMs) &&
  ttlMs >= 0 &&
  (cacheScope === 'public' || cacheScope === 'private');

const hintText = ({ method, ttlMs, cacheScope }: CacheHint): string =>
  `The ${method} result has ${ttlMs === null ? 'no ttlMs' : `ttlMs ${ttlMs}`} and ${cacheScope === null ? 'no cacheScope' : `cacheScope ${cacheScope}`}.`;
