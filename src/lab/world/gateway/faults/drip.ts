import type { Fault } from '../held-request.ts';

/** Milliseconds between two bytes: often enough for every limit on the silence between them. */
export const dripMs = 900;

/** Headers at once, then one byte after another without end: white space within JSON (RFC 8259 section 2). */
export const drip: Fault = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), dripMs);
  response.once('close', () => clearInterval(timer));
};
