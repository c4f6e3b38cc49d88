import type { Fault } from '../held-request.ts';

/** The connection is reset instead of an answer: RST, as a crashed host or a full load balancer sends it (RFC 9293 section 3.5.2). */
export const reset: Fault = ({ reset: resetConnection, cut }) => {
  cut();
  resetConnection();
};
