import { expect, it } from 'vitest';
import type { AnyExperiment } from '../../src/lab/experiments/experiment.ts';
import type { KnownServer } from '../../src/lab/known-server.ts';
import type { LabProgress } from '../../src/lab/progress.ts';
import { runSideBySide } from '../../src/lab/side-by-side.ts';
import { createSlots } from '../../src/lab/world/slots.ts';
import type { LabRun } from '../../src/lab/world/world.ts';
import { baselineOf, launchOf } from '../support/lab-evidence.ts';

/** No experiment here asks for it. */
const collectWire = () => Promise.reject(new Error('Nothing is audited here.'));

const user = () => new AbortController();

function runOf(signal: AbortSignal): LabRun {
  return { plan: { signal }, launches: createSlots(2) } as LabRun;
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
    run: async ({ plan }: LabRun) => ({ ran: true, history: await run(plan.signal) }),
  } as unknown as AnyExperiment;
}

it('begins with the longest, and disturbs no other where one fails', async () => {
  const order: string[] = [];
  const told: LabProgress[] = [];
  const note = (id: string) => async () => order.push(id);
  const outcomes = await runSideBySide(
    runOf(user().signal),
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
    { budget: user().signal, tell: (progress) => told.push(progress), collectWire },
  );
  expect(order).toEqual(['long', 'short']);
  expect(outcomes.map(({ id, result }) => [id, result.ran])).toEqual([
    ['long', true],
    ['broken', false],
    ['short', true],
  ]);
  expect(outcomes[1]?.result).toMatchObject({ reason: 'It could not be carried out: no such file' });
  expect(told.filter(({ step }) => step === null).map(({ id }) => id)).toEqual(
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
      run: async ({ launches, plan }: LabRun) => {
        await prepare();
        const giveBack = await launches.take(plan.signal);
        order.push(id);
        giveBack();
        return { ran: true, history: null };
      },
    }) as unknown as AnyExperiment;
  const slowly = () => new Promise((resolve) => setTimeout(resolve, 20));
  await runSideBySide(
    { plan: { signal: user().signal }, launches: createSlots(1) } as LabRun,
    known(),
    [
      launches('short', 1, async () => {}),
      launches('long', 9, slowly),
      // It launches nothing, and stands in nobody's way.
      experiment('idle', async () => {}, { seconds: 20 }),
    ],
    { budget: user().signal, tell: () => {}, collectWire },
  );
  expect(order).toEqual(['long', 'short']);
});

it('does not begin what the server does not allow', async () => {
  const deaf = baselineOf({ launch: launchOf({ outcome: { kind: 'silent', afterMs: 500, processes: [] } }) });
  const [outcome] = await runSideBySide(
    runOf(user().signal),
    known(deaf),
    [experiment('any', () => Promise.reject(new Error('it was begun')))],
    { budget: user().signal, tell: () => {}, collectWire },
  );
  expect(outcome?.result).toMatchObject({ ran: false, reason: 'Nothing listened within 500 ms.' });
});

const forEver = (signal: AbortSignal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('keeps what is over when the time runs out', async () => {
  const budget = user();
  const running = runSideBySide(
    runOf(user().signal),
    known(),
    [experiment('endless', forEver), experiment('quick', async () => budget.abort())],
    { budget: budget.signal, tell: () => {}, collectWire },
  );
  expect((await running).map(({ id, result }) => [id, result])).toEqual([
    [
      'endless',
      { ran: false, reason: 'Time ran out before it was over.', help: 'Give it more with --budget.' },
    ],
    ['quick', { ran: true, history: undefined }],
  ]);
});

it('is no result when the user interrupts', async () => {
  const interrupt = user();
  const running = runSideBySide(runOf(interrupt.signal), known(), [experiment('endless', forEver)], {
    budget: user().signal,
    tell: () => {},
    collectWire,
  });
  interrupt.abort(new Error('by the user'));
  await expect(running).rejects.toThrow('by the user');
});
