import { together } from '../../reading/lab/proven-by.ts';
import { pass, worst } from '../../row.ts';
import { judgeOutage, judgeRefused } from './health-refused.ts';

const judgeStalled = judgeOutage('health-stalled', 'took requests and did not answer');

/** Whether the health followed the upstream down and up again, both when it refused and when it hung. */
export const judgeDegrading = together([judgeRefused, judgeStalled], (judged) => {
  const decided = worst(judged);
  if (decided.verdict !== 'pass') return decided;
  const passed = judged.flatMap((judgement) => (judgement.verdict === 'pass' ? [judgement] : []));
  return pass(
    passed.map(({ finding }) => finding).join(' '),
    ...passed.flatMap(({ sources = [] }) => sources),
  );
});
