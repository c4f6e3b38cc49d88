import { describe, expect, it } from 'vitest';
import { judgeRow } from '../../support/rows.ts';
import { type Language, readyPlan } from '../ready.ts';
import { experimentsOn } from '../support.ts';

/** What Docker waits, and a little longer. */
const patienceMs = 10_500;

type Seen = Awaited<ReturnType<typeof experimentsOn>>;

/** The criteria that were decided, in two words: "call-finishes: pass". */
function decided(seen: Seen): string[] {
  return judgeRow('graceful-shutdown', seen)
    .criteria.filter(({ proof }) => proof === 'proven')
    .map(({ id, verdict }) => `${id}: ${verdict}`);
}

const verdicts = (call: string, exit: string, refuses: string, streams: string) => [
  `call-finishes: ${call}`,
  `exits-cleanly: ${exit}`,
  `refuses-new: ${refuses}`,
  `streams-end: ${streams}`,
];

const asWanted = verdicts('pass', 'pass', 'pass', 'pass');

describe.concurrent.each<Language>(['Node', 'Python'])('SIGTERM to a server in %s', (language) => {
  it.each([
    ['nothing', '', asWanted],
    ['sessions in memory', 'in-memory-sessions', asWanted],
    ['an exit at once', 'exit-at-once', verdicts('fail', 'pass', 'pass', 'fail')],
    ['an exit that never comes', 'never-exits', verdicts('pass', 'fail', 'pass', 'pass')],
    ['no handler', 'no-handler', verdicts('fail', 'fail', 'pass', 'fail')],
    ['streams that are cut', 'cuts-streams', verdicts('pass', 'pass', 'pass', 'fail')],
    ['streams that it waits for', 'waits-for-streams', verdicts('pass', 'fail', 'pass', 'fail')],
  ])('with %s', async (_, defect, expected) => {
    const seen = await experimentsOn(readyPlan(language, defect, { patienceMs }), 'shutdown');
    expect(decided(seen)).toEqual(expected);
  });
});

describe.concurrent.each<Language>(['Node', 'Python'])(
  'SIGTERM to a server in %s whose tool fails',
  (language) => {
    it.each([
      ['', asWanted],
      ['exit-at-once', verdicts('fail', 'pass', 'pass', 'fail')],
    ])('with %j', async (defect, expected) => {
      const plan = readyPlan(language, defect, { patienceMs, upstream: { 'api.weather.test': {} } });
      expect(decided(await experimentsOn(plan, 'shutdown'))).toEqual(expected);
    });
  },
);

describe.concurrent.each<Language>(['Node', 'Python'])('a drain in %s', (language) => {
  it('in which new calls are taken is found', async () => {
    const seen = await experimentsOn(
      readyPlan(language, 'serves-while-draining', { patienceMs }),
      'shutdown',
    );
    expect(decided(seen)).toEqual(verdicts('pass', 'pass', 'fail', 'pass'));
  });
});

const exitOf = (seen: Seen) =>
  judgeRow('graceful-shutdown', seen).criteria.find(({ id }) => id === 'exits-cleanly');

describe.concurrent('SIGTERM', () => {
  it('finds a server that waits for an idle connection', async () => {
    const seen = await experimentsOn(readyPlan('Python', 'waits-for-idle', { patienceMs }), 'shutdown');
    expect(decided(seen)).toEqual(verdicts('pass', 'fail', 'pass', 'pass'));
    expect(exitOf(seen)?.finding).toMatch(
      /^The server was still running 10\.\d s after SIGTERM; Docker waits 10 s\. Its clients still held an idle connection open\.$/,
    );
  });

  it.each(['npm start', 'sh -c "node server.mjs; true"'])(
    'does not reach a server behind %s',
    async (command) => {
      const seen = await experimentsOn(readyPlan('Node', '', { command }), 'shutdown');
      expect(decided(seen)).toEqual(['exits-cleanly: fail']);
      expect(exitOf(seen)?.finding).toMatch(
        /^After SIGTERM, the start command ended .+ running\. Port \d+ still accepted connections\. .+start it directly/,
      );
    },
  );

  it('says why no call was in flight, and judges the rest', async () => {
    const seen = await experimentsOn(
      { command: 'node server.mjs', env: { CLIENT: 'fetch' }, tool: { name: 'nothing' } },
      'shutdown',
    );
    const { criteria } = judgeRow('graceful-shutdown', seen);
    expect(criteria.find(({ id }) => id === 'call-finishes')?.reason).toMatch(
      /^No call was in flight at SIGTERM\. The server lists no tool "nothing"\./,
    );
    expect(exitOf(seen)?.verdict).toBe('fail');
  });
});
