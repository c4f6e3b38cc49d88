import type { CacheHint } from '../../../evidence/wire.ts';
import type { Run } from '../run.ts';
import type { Tried } from './access.ts';

const methods: Partial<Record<Tried['probe']['operation'], string>> = {
  discover: 'server/discover',
  'list-tools': 'tools/list',
};

/** The caching hints of results that must have them (MCP 2026-07-28, caching). */
export function cacheHintsIn(run: Run, tried: readonly Tried[]): CacheHint[] {
  return tried.flatMap(({ probe, result: { result } }) => {
    const method = methods[probe.operation];
    if (method === undefined || probe.era !== 'modern' || result === undefined) return [];
    const { ttlMs, cacheScope } = result;
    return {
      method,
      ttlMs: Number.isFinite(ttlMs) ? Number(ttlMs) : null,
      cacheScope: typeof cacheScope === 'string' ? run.masker.line(cacheScope, 40) : null,
      exchange: probe.exchange,
    };
  });
}
