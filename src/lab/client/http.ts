import { Agent, request as send } from 'undici';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import { describeFailure } from '../../protocol/failures.ts';
import { singleLine, withoutControls } from '../../text/printable.ts';
import { timeLimit } from '../time-limit.ts';
import type { Instance } from '../world/instance.ts';
import type { LabRun } from '../world/world.ts';

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Milliseconds for the whole answer. */
  timeoutMs: number;
  /** The address that the connection comes from. */
  localAddress?: string;
}

const maxBodyBytes = 256 * 1024;
const keptBodyCharacters = 2_000;
const keptHeaderCharacters = 300;

/**
 * One plain request on a connection of its own, without credentials unless `headers` has them. What comes is in the record,
 * failures as well.
 *
 * @throws the reason of an abort
 */
export async function ask(
  { canaries, plan: { signal } }: LabRun,
  { server, now }: Instance,
  { method = 'GET', path, headers = {}, body, timeoutMs, localAddress }: Ask,
): Promise<HttpRecord> {
  const sentMs = Math.round(now());
  const found = new Set<string>();
  const told = (text: string, characters: number) => {
    for (const name of canaries.namesIn(text)) found.add(name);
    return withoutControls(canaries.beginning(text, characters));
  };
  const agent = new Agent({
    connect: localAddress === undefined ? {} : { localAddress },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
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
    const text = await beginningOf(answer.body);
    outcome = {
      kind: 'answer',
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [
          name,
          told(String(value ?? ''), keptHeaderCharacters),
        ]),
      ),
      body: told(text, keptBodyCharacters),
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
    ...(found.size > 0 && { canaries: [...found] }),
  };
}

/** The whole body, or as much of it as is read of an endless one. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
