import { expect, test } from 'vitest';
import { startServer } from '../support/server.ts';

test('responses are of the light kind, and those that Node makes still count as responses', async () => {
  const server = await startServer();
  const fetched = await fetch(`${server.url}/livez`);
  const made = new Response('text');
  expect(Object.getPrototypeOf(fetched) === Object.getPrototypeOf(made)).toBe(false);
  expect([fetched instanceof Response, made instanceof Response]).toEqual([true, true]);
  expect(new Request(server.url) instanceof Request).toBe(true);
  expect({} instanceof Response).toBe(false);
});
