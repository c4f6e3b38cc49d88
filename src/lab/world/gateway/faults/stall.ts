import type { Fault } from '../held-request.ts';

/** The request is taken, and nothing comes: not even headers. */
export const stall: Fault = () => {};
