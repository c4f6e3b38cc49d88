import { together } from '../../reading/lab/proven-by.ts';
import { allOf } from '../../row.ts';
import { judgeOutage, judgeRefused } from './health-refused.ts';

/** Judges whether the health path reports both outages, refused and stalled, and recovers from them. */
export const judgeDegrading = together([judgeRefused, judgeOutage('health-stalled', 'stalled')], allOf);
