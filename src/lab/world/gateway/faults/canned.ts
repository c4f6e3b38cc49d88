import type { CannedAnswers } from '../canned.ts';
import { type Fault, sendJson } from '../held-request.ts';

/** The answer from the configuration. A path that is not listed gets 404 and is never sent upstream. */
export function canned(answers: CannedAnswers): Fault {
  return (held) => {
    const { host, request, response, url } = held;
    const answer = answers.find(host, request.method ?? 'GET', url.pathname);
    if (answer === undefined) {
      held.answeredBy('nobody');
      return sendJson(held, 404, { message: 'The lab has no canned answer for this path.' });
    }
    held.answeredBy('canned');
    response.writeHead(200, { 'content-type': answer.contentType, 'content-length': answer.body.length });
    response.end(answer.body);
  };
}
