import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvHttpProxyAgent } from 'undici';

const timeoutMs = 5_000;
const pausesMs = [500, 2_000];

/**
 * Posts a text to a chat's incoming webhook, with a few attempts, each of them bounded. HTTPS_PROXY and NO_PROXY count.
 *
 * @throws Error whose message does not tell the URL
 */
export async function post(
  url: string,
  text: string,
  signal: AbortSignal,
  retryAfterMs: readonly number[] = pausesMs,
): Promise<void> {
  // Loaded when there is something to tell.
  const { EnvHttpProxyAgent } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent();
  try {
    for (const waitMs of [...retryAfterMs, undefined]) {
      const failure = await attempt(url, text, dispatcher, signal);
      if (failure === undefined) return;
      if (waitMs === undefined || signal.aborted || failure.final) throw new Error(failure.word);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    void dispatcher.destroy();
  }
}

interface Failure {
  word: string;
  /** The receiver will not take it at another time either. */
  final: boolean;
}

async function attempt(
  url: string,
  text: string,
  dispatcher: EnvHttpProxyAgent,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  // Node 20 may collect the source of AbortSignal.any: somebody has to hold it (nodejs/node#57736).
  const late = new AbortController();
  const alarm = setTimeout(() => late.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  try {
    const { request } = await import('undici');
    const { statusCode, body } = await request(url, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.any([signal, late.signal]),
    });
    await body.dump();
    if (statusCode >= 200 && statusCode < 300) return undefined;
    return { word: `status ${statusCode}`, final: statusCode < 500 && statusCode !== 429 };
  } catch (error) {
    // Messages of these errors may hold the URL.
    const { code, name } = error as NodeJS.ErrnoException;
    return { word: typeof code === 'string' ? code : name, final: false };
  } finally {
    clearTimeout(alarm);
  }
}
