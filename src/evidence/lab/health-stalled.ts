import { healthRefusedHistory } from './health-refused.ts';

/** As where the upstream refuses connections: here it takes requests and does not respond. */
export const healthStalledHistory = healthRefusedHistory;
