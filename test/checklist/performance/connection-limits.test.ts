import { expect, it } from 'vitest';
import type { Answer, Failure } from '../../../src/evidence/exchange.ts';
import type { McpReply, StreamsEvidence } from '../../../src/evidence/wire.ts';
import { answer, failure, recordWire } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'connection-limits';

interface Seen {
  call?: Answer | Failure;
  afterwards?: Answer | Failure;
  refused?: Answer | Failure;
  streams?: Partial<StreamsEvidence>;
}

function held({ call = answer(200), afterwards, refused, streams = {} }: Seen = {}) {
  const { wire, exchange } = recordWire();
  const asked = (outcome: Answer | Failure) => ({ exchange: exchange(outcome), reply: replyOf(outcome) });
  wire.streams = {
    request: 'subscriptions/listen',
    wanted: 36,
    opened: 36,
    stayed: 36,
    first: exchange(answer(200)),
    call: asked(call),
    callAfterwards: afterwards === undefined ? null : asked(afterwards),
    refused: refused === undefined ? null : exchange(refused),
    ...streams,
  };
  return { wire };
}

function replyOf(outcome: Answer | Failure): McpReply {
  if (outcome.kind === 'failure') return { kind: 'none' };
  return outcome.status === 200 ? { kind: 'result' } : { kind: 'other' };
}

const verdict = (seen: Seen) => judgeCriterion(row, 'many-streams', held(seen)).verdict;

it('passes when all streams stayed open and a call was answered meanwhile', () => {
  expect(judgeRow(row, held())).toMatchObject({ verdict: 'pass', proof: 'observed' });
});

it('fails when streams or calls are lost to the number of streams', () => {
  expect(verdict({ streams: { opened: 10, stayed: 10 }, refused: failure('reset') })).toBe('fail');
  expect(verdict({ streams: { stayed: 18 } })).toBe('fail');
  expect(verdict({ call: failure('timeout'), afterwards: answer(200) })).toBe('fail');
});

it('judges no bound that says so, no server in trouble and none that ends streams by itself', () => {
  for (const status of [409, 429, 503]) {
    expect(verdict({ streams: { opened: 10, stayed: 10 }, refused: answer(status) })).toBe('inconclusive');
  }
  expect(verdict({ call: failure('timeout'), afterwards: failure('timeout') })).toBe('inconclusive');
  expect(verdict({ call: answer(429), afterwards: answer(200) })).toBe('inconclusive');
  expect(verdict({ streams: { stayed: 0 } })).toBe('inconclusive');
  expect(verdict({ streams: { call: null } })).toBe('inconclusive');
  expect(judgeRow(row, recordWire()).verdict).toBe('unknown');
});
