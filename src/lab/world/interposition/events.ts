import * as z from 'zod';
import type { Destination, InterpositionFacts } from '../../../evidence/lab/interposition.ts';
import { parseJson } from '../../../text/json.ts';
import type { Canaries } from '../canaries.ts';

const pid = z.int().min(1);
const destination = { pid, host: z.string().max(255), port: z.int().min(0).max(65_535) };
const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('hello'), pid, runtime: z.enum(['node', 'python']) }),
  z.object({ event: z.literal('redirect'), ...destination }),
  z.object({ event: z.literal('direct'), ...destination }),
  z.object({ event: z.literal('exit'), pid, code: z.int().nullable().default(null) }),
]);

/** The events of the preloads, one per line. Other and incomplete lines are skipped. */
export function readEvents(text: string, canaries: Canaries): InterpositionFacts {
  const facts: InterpositionFacts = { hellos: [], redirected: [], direct: [], exits: [] };
  for (const line of text.split('\n').slice(0, 10_000)) {
    const event = eventSchema.safeParse(parseJson(line)).data;
    if (event?.event === 'hello') facts.hellos.push({ pid: event.pid, runtime: event.runtime });
    else if (event?.event === 'exit') facts.exits.push({ pid: event.pid, code: event.code });
    else if (event !== undefined) {
      const place: Destination = { pid: event.pid, host: canaries.mask(event.host), port: event.port };
      (event.event === 'redirect' ? facts.redirected : facts.direct).push(place);
    }
  }
  return facts;
}
