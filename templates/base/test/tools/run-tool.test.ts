import { expect, test } from 'vitest';
import { createEvents, type ToolCallEvent } from '../../src/events.ts';
import { runTool, type ToolAnswer } from '../../src/tools/run-tool.ts';
import { WeatherError } from '../../src/weather/errors.ts';

interface Input {
  city: string;
  email: string;
}

function start(work: () => Promise<ToolAnswer>) {
  const events = createEvents();
  const calls: ToolCallEvent[] = [];
  events.on('toolCall', (call) => calls.push(call));
  const tool = runTool<Input>({ tool: 'subscribe', events, safe: ['city'] }, work);
  return { calls, answer: tool({ city: 'London', email: 'ada@example.com' }, { mcpReq: {} }) };
}

test.each([
  ['ok', async () => ({ text: 'done', data: {} })],
  ['not-found', () => Promise.reject(new WeatherError('not-found'))],
  ['defect', () => Promise.reject(new TypeError('x is not a function'))],
] as const)('an argument that is not declared safe is not told to observers (%s)', async (outcome, work) => {
  const { calls, answer } = start(work);
  await answer;
  expect(calls).toMatchObject([{ tool: 'subscribe', outcome, input: { city: 'London' } }]);
  expect(calls[0]?.input).not.toHaveProperty('email');
});

test('the model learns what it can act on, and nothing about defects', async () => {
  const foreseen = await start(() => Promise.reject(new WeatherError('busy', 5_000))).answer;
  expect(foreseen).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/Try again in 5 seconds\.$/) }],
  });
  const { answer, calls } = start(() => Promise.reject(new Error('at /srv/app/secret.ts')));
  expect(JSON.stringify(await answer)).not.toContain('secret');
  expect(calls[0]?.error).toBeInstanceOf(Error);
});
