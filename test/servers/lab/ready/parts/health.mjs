import { setTimeout as delay } from 'node:timers/promises';

const keptMs = 1_000;
const waitMs = 500;

/** Whether the upstream answers. However many ask, it is asked once a second at most, and nobody waits for long. */
export function createHealth({ probe }) {
  let last = { ok: false, until: 0 };
  let running;

  const ask = async () => {
    const ok = await probe().then(
      () => true,
      () => false,
    );
    last = { ok, until: Date.now() + keptMs };
    running = undefined;
    return ok;
  };

  return async () => {
    if (Date.now() < last.until) return healthBody(last.ok);
    running ??= ask();
    return healthBody(await Promise.race([running, delay(waitMs, false, { ref: false })]));
  };
}

export function healthBody(ok) {
  return { ok, status: ok ? 'ok' : 'unavailable', upstream: ok ? 'ok' : 'not reachable' };
}
