import { expect, it } from 'vitest';
import { createSemaphore } from '../../src/lab/async/semaphore.ts';
import type { AnyExperiment } from '../../src/lab/experiments/experiment.ts';
import type { KnownServer } from '../../src/lab/known-server.ts';
import type { LabProgress } from '../../src/lab/progress.ts';
import { runSideBySide } from '../../src/lab/side-by-side.ts';
import type { World } from '../../src/lab/world/world.ts';
import { baselineOf, launchOf } from '../support/lab-evidence.ts';

const user = () => new AbortController();

function worldOf(signal: AbortSignal, atOnce = 2): World {
  return { signal, launches: createSemaphore(atOnce) } as World;
}

const known = (baseline = baselineOf()): KnownServer => ({
  baseline,
  endpoint: '/mcp',
  tool: null,
  health: null,
});

/** An experiment of that name; what they tell is not looked at here. */
function experiment(
  id: string,
  run: (signal: AbortSignal) => Promise<unknown>,
  about: Partial<AnyExperiment> = {},
): AnyExperiment {
  return {
    id,
    question: `${id}?`,
    needs: 'listener',
    seconds: 1,
    ...about,
    run: async ({ signal }: World) => ({ ran: true, history: await run(signal) }),
  } as unknown as AnyExperiment;
}

it('begins with the longest, and disturbs no other where one fails', async () => {
  const order: string[] = [];
  const reported: LabProgress[] = [];
  const note = (id: string) => async () => order.push(id);
  const outcomes = await runSideBySide(
    worldOf(user().signal),
    known(),
    [
      experiment('short', note('short')),
      experiment(
        'broken',
        async () => {
          throw new Error('no such file');
        },
        { seconds: 5 },
      ),
      experiment('long', note('long'), { seconds: 9 }),
    ],
    { budget: user().signal, report: (progress) => reported.push(progress) },
  );
  expect(order).toEqual(['long', 'short']);
  expect(outcomes.map(({ id, result }) => [id, result.ran])).toEqual([
    ['long', true],
    ['broken', false],
    ['short', true],
  ]);
  expect(outcomes[1]?.result).toMatchObject({ reason: 'The experiment failed: no such file' });
  expect(reported.filter(({ step }) => step === null).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['long', 'broken', 'short']),
  );
});

it('keeps the place of one that prepares something before it launches', async () => {
  const order: string[] = [];
  const launches = (id: string, seconds: number, prepare: () => Promise<unknown>) =>
    ({
      id,
      question: '',
      needs: 'listener',
      seconds,
      run: async ({ launches, signal }: World) => {
        await prepare();
        const giveBack = await launches.acquire(signal);
        order.push(id);
        giveBack();
        return { ran: true, history: null };
      },
    }) as unknown as AnyExperiment;
  const slowly = () => new Promise((resolve) => setTimeout(resolve, 20));
  await runSideBySide(
    worldOf(user().signal, 1),
    known(),
    [
      launches('short', 1, async () => {}),
      launches('long', 9, slowly),
      // It launches nothing, and stands in nobody's way.
      experiment('idle', async () => {}, { seconds: 20 }),
    ],
    { budget: user().signal, report: () => {} },
  );
  expect(order).toEqual(['long', 'short']);
});

it('does not begin what the server does not allow', async () => {
  const deaf = baselineOf({ launch: launchOf({ outcome: { kind: 'silent', afterMs: 500, processes: [] } }) });
  const [outcome] = await runSideBySide(
    worldOf(user().signal),
    known(deaf),
    [experiment('any', () => Promise.reject(new Error('it was begun')))],
    { budget: user().signal, report: () => {} },
  );
  expect(outcome?.result).toMatchObject({ ran: false, reason: 'Nothing listened within 500 ms.' });
});

const forEver = (signal: AbortSignal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('keeps what is over when the time runs out', async () => {
  const budget = user();
  const running = runSideBySide(
    worldOf(budget.signal),
    known(),
    [experiment('endless', forEver), experiment('quick', async () => budget.abort())],
    { budget: budget.signal, report: () => {} },
  );
  expect((await running).map(({ id, result }) => [id, result])).toEqual([
    [
      'endless',
      {
        ran: false,
        reason: 'The time limit ended before the experiment did.',
        help: 'Raise it with --budget.',
      },
    ],
    ['quick', { ran: true, history: undefined }],
  ]);
});

it('is no result when the user interrupts', async () => {
  const interrupt = user();
  const running = runSideBySide(worldOf(interrupt.signal), known(), [experiment('endless', forEver)], {
    budget: user().signal,
    report: () => {},
  });
  interrupt.abort(new Error('by the user'));
  await expect(running).rejects.toThrow('by the user');
});
