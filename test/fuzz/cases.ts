import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect } from 'vitest';

/** The same cases in every run; another seed gives other ones: `FUZZ_SEED=7 npm run test:all -- --project=fuzz`. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_201);
/** Milliseconds that a case may take beyond its budget. */
const graceMs = 1_000;
/** Milliseconds without a new case after which the process is stuck for good. */
const stuckMs = 60_000;

interface Fuzz<Case> {
  cases: fc.Arbitrary<Case>;
  count: number;
  /** Milliseconds that one case may take. */
  budgetMs: number;
  /** How many run at a time; more than one for cases that mostly wait. */
  atOnce?: number;
  /**
   * @returns how it ended, in a word
   * @throws what is wrong
   */
  check: (one: Case) => string | Promise<string>;
}

/**
 * Runs a number of made-up cases, always the same ones for one seed.
 *
 * @returns how many ended in each way, so that a test can tell that its cases get somewhere
 * @throws with the first case that fails, or that is late twice: once may be the machine
 */
export async function fuzz<Case>({
  cases,
  count,
  budgetMs,
  atOnce = 1,
  check,
}: Fuzz<Case>): Promise<Record<string, number>> {
  let next = 0;
  // One at a time: all of them would not fit into memory.
  const make = (index: number) => fc.sample(cases, { seed: seed + index, numRuns: 1 })[0] as Case;
  const late: number[] = [];
  const ends: Record<string, number> = {};
  const watchdog = watch();
  const timed = async (index: number): Promise<number> => {
    const one = make(index);
    const startedAt = performance.now();
    watchdog.postMessage(`case ${index} of seed ${seed}: ${shown(one)}`);
    try {
      const end = await check(one);
      ends[end] = (ends[end] ?? 0) + 1;
    } catch (error) {
      throw new Error(`Case ${index} of seed ${seed}: ${(error as Error).message}\n${shown(one)}`, {
        cause: error,
      });
    }
    return performance.now() - startedAt;
  };
  const worker = async () => {
    while (next < count) {
      const index = next++;
      if ((await timed(index)) > budgetMs + graceMs) late.push(index);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    for (const index of late) {
      expect(await timed(index), `late: ${shown(make(index))}`).toBeLessThan(budgetMs + graceMs);
    }
  } finally {
    await watchdog.terminate();
  }
  return ends;
}

/** No timer of a thread that stands still can end it: another thread names the case and ends the process. */
function watch(): Worker {
  const script = `
    const { parentPort } = require('node:worker_threads');
    let last = 'none';
    const stuck = () => {
      require('node:fs').writeSync(2, 'Stuck in ' + last + '\\n');
      process.kill(process.pid, 'SIGKILL');
    };
    let timer = setTimeout(stuck, ${stuckMs});
    parentPort.on('message', (one) => {
      last = one;
      clearTimeout(timer);
      timer = setTimeout(stuck, ${stuckMs});
    });
  `;
  return new Worker(script, { eval: true });
}

/** Without what would fill the screen. */
const shown = (one: unknown): string =>
  inspect(one, { depth: 12, maxStringLength: 200, maxArrayLength: 20 }).slice(0, 10_000);
