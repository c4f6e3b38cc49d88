import type { Fault } from '../held-request.ts';

/** RST instead of an answer, as from a crashed host or a full load balancer (RFC 9293 section 3.5.2). */
export const reset: Fault = ({ reset: resetConnection, cut }) => {
  cut();
  resetConnection();
};
