import { listOf, serverSource } from '../reading/server-source.ts';
import { inconclusive, needsExperiment, type Row } from '../row.ts';

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
      unseen: repeated,
    },
    {
      id: 'keyed-by-arguments',
      kind: 'core',
      title: 'Different arguments do not share an answer',
      unseen: countUpstream('when calls differ'),
    },
    {
      id: 'errors-not-cached',
      kind: 'core',
      title: 'An error is not kept',
      unseen: needsExperiment('let the upstream fail once and call again'),
    },
    {
      id: 'coalesced',
      kind: 'extra',
      title: 'Equal calls in flight share one upstream request',
      unseen: countUpstream('when equal calls run side by side'),
    },
  ],
};
