import type { Fault } from '../held-request.ts';

/** Often enough for every limit on the silence between two bytes. */
const byteEveryMs = 900;

/** Headers at once, then one byte after another without end: white space within JSON (RFC 8259 section 2). */
export const drip: Fault = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), byteEveryMs);
  response.once('close', () => clearInterval(timer));
};
