import type { ArrayStep, ArraysEvidence, BurstEvidence, ClientAttempt } from '../../../evidence/wire.ts';
import { pressed, type Run } from '../run.ts';
import { isLimit, isLimitReply } from './burst.ts';
import { type CheapRequest, openArrayRequest } from './cheap-request.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Seen } from './probe.ts';

/** Enough to tell an array that counts as one from an array whose requests count, and cheap for a limit. */
const few = 3;
/** Requests with one credential where no burst is to come, and how many of them arrays take. */
const quietBound = 40;
const ownRequests = 6;
/** Requests in all arrays that exceed a limit; as many as a burst has at most. */
const most = 120;

/** What arrays are sent through, from the first to the end. */
export interface ArrayTrial {
  evidence: ArraysEvidence;
  /** Sends more than the limit lets through, where this burst has met one that is over now. */
  exceed: (burst: BurstEvidence | null) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Tries whether the server takes a JSON-RPC array of a few requests.
 *
 * @returns null where the client is not served, or where it would be asked for too much
 */
export async function tryArrays(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
): Promise<ArrayTrial | null> {
  const carried = run.identity.carried('given');
  const asked = run.recorder.exchanges.filter(({ request }) => request.credential === carried).length;
  if (run.options.burst === false && asked + ownRequests >= quietBound) return null;
  const opened = await openArrayRequest(pressed(run), accessed, clients);
  if (opened === undefined || 'refused' in opened) return null;
  const { cheap } = opened;
  const evidence: ArraysEvidence = {
    request: cheap.name,
    revision: cheap.revision,
    before: cheap.session === undefined ? null : (run.recorder.exchanges.at(-1)?.id ?? null),
    few: [...(await sendArray(cheap, few)), ...(await sendSingle(cheap))],
    many: null,
  };
  return {
    evidence,
    exceed: async (burst) => {
      const count = countBeyond(evidence, burst);
      if (count !== undefined && count <= most) evidence.many = await sendMany(cheap, count);
    },
    close: cheap.close,
  };
}

/** In two arrays: servers that count the requests of an array may take none that is longer than their limit. */
async function sendMany(cheap: CheapRequest, count: number): Promise<ArrayStep[]> {
  const half = Math.ceil(count / 2);
  const first = await sendArray(cheap, half);
  const second = first.every(({ results }) => results === half) ? await sendArray(cheap, count - half) : [];
  return [...first, ...second, ...(await sendSingle(cheap))];
}

/** One more than the limit can be, by all that the client was answered until it met it. */
function countBeyond({ few: steps }: ArraysEvidence, burst: BurstEvidence | null): number | undefined {
  const taken = steps.some(({ length, results }) => length === few && results === few);
  const recovered = burst?.followUps.find(({ kind }) => kind === 'recovered')?.reply.kind === 'result';
  return burst?.limited && taken && recovered ? burst.limited.after + few : undefined;
}

async function sendSingle(cheap: CheapRequest): Promise<ArrayStep[]> {
  const seen = await cheap.send({ purpose: `${cheap.name}, to compare with an array` });
  if (seen === undefined) return [];
  return [{ ...stepOf(seen), length: null, results: seen.reply.kind === 'result' ? 1 : 0 }];
}

async function sendArray(cheap: CheapRequest, length: number): Promise<ArrayStep[]> {
  const seen = await cheap.sendArray(length, { purpose: `an array of ${length} ${cheap.name} requests` });
  if (seen === undefined) return [];
  const { replies = [] } = seen;
  return [
    {
      ...stepOf(seen),
      length,
      results: replies.filter(({ kind }) => kind === 'result').length,
      limited: replies.length === 0 && isLimit(seen) ? length : replies.filter(isLimitReply).length,
    },
  ];
}

function stepOf(seen: Seen): Pick<ArrayStep, 'exchange' | 'limited' | 'reply'> {
  return { exchange: seen.exchange.id, limited: isLimit(seen) ? 1 : 0, reply: seen.reply };
}
