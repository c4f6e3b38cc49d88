import { expect, test } from 'vitest';
import {
  leakedPieces,
  leakedSecrets,
  leakedVariants,
  startLeakingServer,
  startServerWithErrorPage,
} from '../../servers/leaking.ts';
import { listen } from '../../servers/listen.ts';
import { judgeCriterion } from '../../support/rows.ts';
import { answerOf, collect, exchangeOf, using } from './support.ts';

const tool = { name: 'get_weather', arguments: { city: 'London' } };

test('secrets of the server are masked wherever they show, and told by their kinds', async () => {
  const evidence = await collect(await using(startLeakingServer()), { tool });
  const text = JSON.stringify(evidence);
  for (const piece of leakedPieces) expect(text).not.toContain(piece);

  const probe = evidence.malformed.find(({ kind }) => kind === 'broken-json');
  expect(exchangeOf(evidence, probe?.exchange).exposes).toEqual(Object.keys(leakedSecrets));
  expect(JSON.parse(answerOf(evidence, probe?.exchange).body).error).toBe(
    [
      'cannot read: <private key>',
      '<JSON Web Token>',
      '<AWS access key id>',
      '<GitHub token>',
      '<GitLab token>',
      '<npm token>',
      '<Slack token>',
      '<Slack webhook address>',
      '<Google API key>',
      '<Stripe secret key>',
      '<API key>',
      'https://api.example/data?q=London&appid=<key>&units=metric',
    ].join('\n'),
  );

  expect(evidence.clients.some(({ outcome }) => outcome.connected)).toBe(true);
  expect(text).toContain('weather <private key> <JSON Web Token> <AWS access key id>');
  expect(evidence.toolCalls.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('city: <private key>'),
  );
  const { verdict, finding } = judgeCriterion('input-validation', 'bad-arguments', { wire: evidence });
  expect({ verdict, finding }).toEqual({
    verdict: 'fail',
    finding: expect.stringMatching(
      /The error contains a private key, a JSON Web Token, an AWS access key id/,
    ),
  });
});

test.each([...Object.entries(leakedSecrets), ...leakedVariants])(
  '%s on an error page is masked and reported',
  async (kind, value) => {
    const wire = await collect(await using(startServerWithErrorPage(`cannot connect with ${value}`)));
    for (const piece of leakedPieces) expect(JSON.stringify(wire)).not.toContain(piece);
    expect(judgeCriterion('input-validation', 'leaks-nothing', { wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining(`contains ${kind}.`),
    });
  },
);

test('a token that the request had is masked, and is no leak of an answer that repeats it', async () => {
  const token = leakedSecrets['a JSON Web Token'] ?? '';
  const server = listen((request, response) => {
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`no session ${request.headers['x-session']}`);
  });
  const wire = await collect(await using(server), { headers: [{ name: 'x-session', value: token }] });
  expect(JSON.stringify(wire)).not.toContain(token);
  expect(wire.exchanges.flatMap(({ exposes }) => exposes)).toEqual([]);
});
