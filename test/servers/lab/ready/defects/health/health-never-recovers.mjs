import { createHealth as create } from '../../parts/health.mjs';

/** One failure is remembered for ever. */
export function createHealth({ probe }) {
  const health = create({ probe });
  let failed;
  return async () => {
    const now = await health();
    if (!now.ok) failed ??= now;
    return failed ?? now;
  };
}
