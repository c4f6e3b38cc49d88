import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { HttpError } from '../../src/http/errors.ts';
import { type Guard, inTurn } from '../../src/http/in-turn.ts';

/** What a request is answered that has to pass these guards, and which of them were asked. */
async function ask(guards: Guard[]) {
  const asked: number[] = [];
  const app = Fastify();
  onTestFinished(() => app.close());
  const counted = guards.map(
    (guard, index): Guard =>
      (request, reply) => {
        asked.push(index);
        return guard(request, reply);
      },
  );
  app.get('/', { onRequest: inTurn(counted) }, () => 'passed');
  const { statusCode, body } = await app.inject('/');
  return { statusCode, body, asked };
}

const lets: Guard = () => undefined;
const letsLater: Guard = async () => undefined;
const throws: Guard = () => {
  throw new HttpError(403, 'No.');
};
const answers: Guard = (_request, reply) => reply.code(401).send('Who?');

test('a request that all guards let pass is served', async () => {
  expect(await ask([lets, letsLater, lets])).toEqual({ statusCode: 200, body: 'passed', asked: [0, 1, 2] });
  expect(await ask([lets])).toMatchObject({ body: 'passed' });
});

test.each([
  ['throws', throws, 403],
  ['rejects', async () => throws(undefined as never, undefined as never), 403],
  ['answers', answers, 401],
  ['answers late', async (request, reply) => answers(request, reply), 401],
] as Array<[string, Guard, number]>)(
  'nobody is asked after a guard that %s, whether one before it took its time or not',
  async (_how, refuses, statusCode) => {
    expect(await ask([lets, refuses, lets])).toMatchObject({ statusCode, asked: [0, 1] });
    expect(await ask([letsLater, refuses, lets])).toMatchObject({ statusCode, asked: [0, 1] });
  },
);
