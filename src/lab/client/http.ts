import { Agent, request as send } from 'undici';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import { describeFailure } from '../../protocol/failures.ts';
import { singleLine, withoutControls } from '../../text/printable.ts';
import { readBeginning } from '../async/bounded-read.ts';
import { timeLimit } from '../async/time-limit.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Milliseconds for the whole answer. */
  timeoutMs: number;
}

const maxBodyBytes = 256 * 1024;
const keptBodyCharacters = 2_000;
const keptHeaderCharacters = 300;

/**
 * Sends one plain request on a connection of its own, without credentials unless `headers` has them.
 *
 * @returns the answer or the failure
 * @throws the reason of an abort
 */
export async function ask(
  { canaries, signal }: World,
  { server, now }: Instance,
  { method = 'GET', path, headers = {}, body, timeoutMs }: Ask,
): Promise<HttpRecord> {
  const sentMs = Math.round(now());
  const texts: string[] = [];
  const clean = (text: string, characters: number) => {
    texts.push(text);
    return withoutControls(canaries.beginning(text, characters));
  };
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const limit = timeLimit(timeoutMs, signal);
  let outcome: HttpRecord['outcome'];
  try {
    const answer = await send(new URL(path, server.origin ?? ''), {
      dispatcher: agent,
      method,
      headers: { accept: 'application/json, */*;q=0.5', ...headers },
      body: body ?? null,
      signal: limit.signal,
    });
    const { bytes, cut } = await readBeginning(answer.body, maxBodyBytes);
    if (cut?.reason === 'broken') throw cut.error;
    outcome = {
      kind: 'answer',
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [
          name,
          clean(String(value ?? ''), keptHeaderCharacters),
        ]),
      ),
      body: clean(bytes.toString('utf8'), keptBodyCharacters),
    };
  } catch (error) {
    signal.throwIfAborted();
    const { reason, message } = limit.signal.aborted
      ? { reason: 'timeout', message: `no answer within ${timeoutMs} ms` }
      : describeFailure(error);
    outcome = { kind: 'failure', reason, message: singleLine(canaries.mask(message)) };
  } finally {
    limit.end();
    await agent.destroy();
  }
  return {
    method,
    path: canaries.mask(path),
    sentMs,
    endedMs: Math.round(now()),
    outcome,
    ...canaries.leaksIn(...texts),
  };
}
