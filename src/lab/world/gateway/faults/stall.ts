import type { Fault } from '../held-request.ts';

/** The request is accepted and never answered, not even with headers. */
export const stall: Fault = () => {};
