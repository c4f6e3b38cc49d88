import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

function terminal(columns = 60) {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns });
  return { stderr, written: () => String(stderr.read() ?? '') };
}

it('is silent unless stderr is a terminal', () => {
  const stderr = new PassThrough();
  const progress = createProgress({ stderr });
  progress.step('one');
  progress.report({ id: 'a', question: 'A?', step: 'waits' });
  progress.done();
  expect(stderr.read()).toBeNull();
});

it('shows the open tasks, and replaces what it showed before', () => {
  const { stderr, written } = terminal();
  const progress = createProgress({ stderr });
  progress.report({ id: 'a', question: 'Does it end?', step: 'waiting for it' });
  progress.report({ id: 'b', question: 'Is it kept?', step: 'calling' });
  written();
  progress.report({ id: 'a', question: 'Does it end?', step: null });
  expect(written()).toBe('\u001b[2A\r\u001b[J2 questions, 1 answered\n  Is it kept? calling');
  progress.done();
  expect(written()).toBe('\u001b[1A\r\u001b[J');
});

it('keeps each step on one line of printable text', () => {
  const { stderr, written } = terminal(40);
  createProgress({ stderr }).step(`probing \u001b[31m${'x'.repeat(100)}\nmore`);
  const lines = written().replace('\r\u001b[J', '').split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\u001b');
  expect(lines[0]?.length).toBeLessThan(40);
});
