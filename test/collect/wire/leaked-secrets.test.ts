import { expect, test } from 'vitest';
import { leakedPieces, leakedSecrets, startLeakingServer } from '../../servers/leaking.ts';
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
      '<AWS access key id>',
      '<GitHub token>',
      '<Slack token>',
      '<Google API key>',
      '<API key>',
      'https://api.example/data?q=London&appid=<key>&units=metric',
    ].join('\n'),
  );

  expect(evidence.clients.some(({ outcome }) => outcome.connected)).toBe(true);
  expect(text).toContain('weather <private key> <AWS access key id>');
  expect(evidence.toolCalls.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('city: <private key>'),
  );
  const { verdict, finding } = judgeCriterion('input-validation', 'bad-arguments', { wire: evidence });
  expect({ verdict, finding }).toEqual({
    verdict: 'fail',
    finding: expect.stringMatching(/The error contains a private key, an AWS access key id/),
  });
});
