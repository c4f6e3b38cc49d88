import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchLines } from '../../src/logging/batched-lines.ts';

function collect() {
  const writes: string[] = [];
  return { writes, lines: batchLines({ write: (text) => writes.push(text) }) };
}

test('the lines of one turn of the event loop are written together, in order', async () => {
  const { writes, lines } = collect();
  lines.write('1\n');
  lines.write('2\n');
  expect(writes).toEqual([]);
  await nextTurn();
  expect(writes).toEqual(['1\n2\n']);
  lines.write('3\n');
  await nextTurn();
  expect(writes).toEqual(['1\n2\n', '3\n']);
});

test('an exit leaves none behind', () => {
  const { writes, lines } = collect();
  lines.write('last words\n');
  for (const listener of process.listeners('exit').slice(-1)) listener(1);
  expect(writes).toEqual(['last words\n']);
});
