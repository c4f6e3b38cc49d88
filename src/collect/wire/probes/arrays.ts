import type { ArrayStep, ArraysEvidence, BurstEvidence, ClientAttempt } from '../../../evidence/wire.ts';
import { recorded } from '../http/identity.ts';
import { pressed, type Run } from '../run.ts';
import { isLimit, isLimitReply, passed } from './burst.ts';
import { type CheapRequest, openArrayRequest } from './cheap-request.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { ProbeResult } from './probe.ts';

/** Enough to distinguish an array that counts as one request from one whose requests count. */
const few = 3;
/** Requests with one credential in a pass without a burst, and how many of them arrays take. */
const quietBound = 40;
const ownRequests = 6;
/** Requests in all arrays that exceed a limit; at most as many as in a burst. */
const most = 120;

/** Arrays in one session, from the first to the last. */
export interface ArrayTrial {
  evidence: ArraysEvidence;
  /** Sends more requests than this burst's limit allows, if that limit has ended since. */
  exceed: (burst: BurstEvidence | null) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Tests whether the server accepts a JSON-RPC array of a few requests.
 *
 * @returns null when the client is not served, or when the pass would exceed its bound of requests
 */
export async function tryArrays(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
): Promise<ArrayTrial | null> {
  const carried = recorded(run.identity.carried('given'));
  const sent = run.recorder.exchanges.filter(({ request }) => request.credential === carried).length;
  if (run.options.burst === false && sent + ownRequests >= quietBound) return null;
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
      const low = burst === null ? undefined : beyondLow(burst);
      if (low !== undefined) evidence.many = await sendLow(run, cheap, low);
      const count = low === undefined ? countBeyond(evidence, burst) : undefined;
      if (count !== undefined && count <= most) evidence.many = await sendMany(cheap, count);
    },
    close: cheap.close,
  };
}

/** Well beyond a limit of a few requests, of which the audit saw a whole window. */
function beyondLow({ restarted, limited, served }: BurstEvidence): number | undefined {
  return restarted && limited && served > 0 && served <= few ? 2 * (served + few) : undefined;
}

/** An array in a window of its own, and then a single request, also in the next window. */
async function sendLow(run: Run, cheap: CheapRequest, count: number): Promise<ArrayStep[]> {
  let used: ProbeResult | undefined;
  for (let sent = 0; sent <= few && (used === undefined || !isLimit(used)); sent += 1) {
    used = await cheap.send({ purpose: `${cheap.name} until the limit` });
    if (used === undefined) return [];
  }
  if (used === undefined || !isLimit(used) || !(await passed(run, used))) return [];
  const array = await sendArray(cheap, count);
  const single = await sendSingle(cheap);
  const limited = single.some((step) => step.limited > 0) && used;
  return [...array, ...(limited && (await passed(run, limited)) ? await sendSingle(cheap) : single)];
}

/** In two arrays: a server may refuse an array that is longer than its limit. */
async function sendMany(cheap: CheapRequest, count: number): Promise<ArrayStep[]> {
  const half = Math.ceil(count / 2);
  const first = await sendArray(cheap, half);
  const second = first.every(({ results }) => results === half) ? await sendArray(cheap, count - half) : [];
  return [...first, ...second, ...(await sendSingle(cheap))];
}

/** More than the limit can be, by the number of answers before it. */
function countBeyond({ few: steps }: ArraysEvidence, burst: BurstEvidence | null): number | undefined {
  const taken = steps.some(({ length, results }) => length === few && results === few);
  const recovered = burst?.followUps.find(({ kind }) => kind === 'recovered')?.reply.kind === 'result';
  return burst?.limited && taken && recovered ? burst.limited.after + few : undefined;
}

async function sendSingle(cheap: CheapRequest): Promise<ArrayStep[]> {
  const result = await cheap.send({ purpose: `${cheap.name} without an array` });
  if (result === undefined) return [];
  return [{ ...stepOf(result), length: null, results: result.reply.kind === 'result' ? 1 : 0 }];
}

async function sendArray(cheap: CheapRequest, length: number): Promise<ArrayStep[]> {
  const result = await cheap.sendArray(length, { purpose: `an array of ${length} ${cheap.name} requests` });
  if (result === undefined) return [];
  const { replies = [] } = result;
  return [
    {
      ...stepOf(result),
      length,
      results: replies.filter(({ kind }) => kind === 'result').length,
      limited: replies.length === 0 && isLimit(result) ? length : replies.filter(isLimitReply).length,
    },
  ];
}

function stepOf(result: ProbeResult): Pick<ArrayStep, 'exchange' | 'limited' | 'reply'> {
  return { exchange: result.exchange.id, limited: isLimit(result) ? 1 : 0, reply: result.reply };
}
