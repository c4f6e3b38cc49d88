import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { timeLimit } from '../../../src/lab/async/time-limit.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

it('is over when the time is, whatever was collected meanwhile', async () => {
  const { signal } = timeLimit(100, new AbortController().signal);
  const collecting = setInterval(collectGarbage, 10);
  try {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } finally {
    clearInterval(collecting);
  }
  expect(signal.aborted).toBe(true);
});

it('is over with an abort, and not at all once it was ended', async () => {
  const abort = new AbortController();
  const aborted = timeLimit(60_000, abort.signal);
  abort.abort();
  expect(aborted.signal.aborted).toBe(true);
  aborted.end();
  const ended = timeLimit(1, new AbortController().signal);
  ended.end();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ended.signal.aborted).toBe(false);
});
