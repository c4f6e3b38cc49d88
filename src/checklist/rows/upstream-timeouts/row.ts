import { provenBy } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeOthersServed } from './blocking.ts';
import { judgeDripping } from './dripping-upstream.ts';
import { judgeAttempts, judgeCleanFailures, judgeRecovery } from './failing-upstream.ts';
import { remedies } from './remedies.ts';
import { judgeHanging } from './stalled-upstream.ts';
import { judgeUpstreamCalls } from './upstream-calls.ts';

export const upstreamTimeouts: Row = {
  id: 'upstream-timeouts',
  title: 'HTTP client timeouts',
  category: 'Performance',
  level: 'required',
  why: 'An upstream that accepts requests and never responds holds every call that needs it. In the end the whole server hangs.',
  fix: 'Limit the whole upstream call, body included: AbortSignal.timeout(5000) in fetch, asyncio.timeout(5) around httpx. A socket timeout alone does not end a dripping body.',
  basis: [
    'Production checklist: Performance, "HTTP client timeouts" (Required)',
    'AWS Builders Library, Timeouts, retries and backoff with jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/',
  ],
  remedies,
  about: 'upstream',
  headline: 'stalled-headers',
  criteria: [
    {
      id: 'stalled-headers',
      kind: 'core',
      title: 'A call ends with a clean error, in time, while the upstream stalls before its headers',
      proven: provenBy('stalled-upstream', judgeHanging('stalled-upstream')),
      declared: (project) => judgeUpstreamCalls(project, ['wait', 'whole']),
      reads: ['source'],
      experiment: 'stall the upstream before its headers',
    },
    {
      id: 'dripping-body',
      kind: 'core',
      title: 'A call ends with a clean error, in time, while the upstream drips its body',
      proven: provenBy('dripping-upstream', judgeDripping),
      declared: (project) => judgeUpstreamCalls(project, ['whole']),
      reads: ['source'],
      experiment: 'let the upstream send its body one byte at a time',
    },
    {
      id: 'others-served',
      kind: 'core',
      title: 'The server answers health and other calls while a call waits for the upstream',
      fix: 'Call upstreams without blocking. Await an asynchronous client, or run a blocking one in a thread (asyncio.to_thread, a worker).',
      supporting: true,
      proven: judgeOthersServed,
      experiment: 'send other requests while a call hangs',
    },
    {
      id: 'fails-cleanly',
      kind: 'core',
      title:
        'A call ends with a clean error when the upstream resets or refuses connections, or responds with 500 or 429',
      fix: 'Check the status of every upstream response. Catch the exceptions of the client. Return a result with isError: true that says what failed.',
      // A call that fails at once ends without a timeout.
      supporting: true,
      proven: provenBy('failing-upstream', judgeCleanFailures),
      experiment: 'let the upstream reset and refuse connections, and respond with 500 and 429',
    },
    {
      id: 'bounded-retries',
      kind: 'extra',
      title: 'The server retries a failed upstream request only a few times',
      fix: 'Retry two or three times, with exponential backoff and jitter. Do not retry on top of a client that retries.',
      proven: provenBy('failing-upstream', judgeAttempts),
      experiment: 'count upstream requests while the upstream fails',
    },
    {
      id: 'recovers',
      kind: 'extra',
      title: 'Calls succeed again after the upstream recovers',
      fix: 'Discard broken connections. Let a circuit breaker try again after a few seconds.',
      proven: provenBy('failing-upstream', judgeRecovery),
      experiment: 'let the upstream recover after a failure',
    },
  ],
};
