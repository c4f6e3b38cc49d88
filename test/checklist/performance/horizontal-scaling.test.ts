import { expect, it } from 'vitest';
import { answer, recordWire } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'horizontal-scaling';

it('sees requests outside a session, which say too little to carry the row', () => {
  const recorder = recordWire();
  recorder.endpoint({ given: answer(200) });
  expect(judgeCriterion(row, 'sessionless', recorder).verdict).toBe('pass');
  expect(judgeRow(row, recorder).verdict).toBe('unknown');
});

it('does not judge sessions, for where they are kept is not seen', () => {
  const recorder = recordWire();
  recorder.endpoint({ given: answer(200) });
  recorder.wire.endpoints[0]?.access.push({
    operation: 'initialize',
    era: 'legacy',
    credential: 'given',
    exchange: recorder.exchange(answer(200, '', { 'mcp-session-id': '***' })),
    reply: { kind: 'result' },
  });
  expect(judgeCriterion(row, 'sessionless', recorder).verdict).toBe('inconclusive');
  expect(judgeCriterion(row, 'sessionless', recordWire()).verdict).toBe('inconclusive');
});
