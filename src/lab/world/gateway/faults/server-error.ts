import { type Fault, sendJson } from '../held-request.ts';

/** 500, at once. */
export const serverError: Fault = (held) => sendJson(held, 500, { message: 'Internal server error' });
