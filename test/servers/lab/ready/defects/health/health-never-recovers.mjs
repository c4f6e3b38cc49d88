import { createHealth as create } from '../../parts/health.mjs';

/** One failure after it was well is remembered for ever. */
export function createHealth({ probe }) {
  const health = create({ probe });
  let well = false;
  let failed;
  return async () => {
    const now = await health();
    well ||= now.ok;
    if (well && !now.ok) failed ??= now;
    return failed ?? now;
  };
}
