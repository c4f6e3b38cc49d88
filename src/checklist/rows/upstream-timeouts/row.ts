import { provenBy } from '../../reading/lab/proven-by.ts';
import { needsExperiment, type Row } from '../../row.ts';
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
  why: 'An upstream that accepts and never answers holds every call that needs it, until the whole server stands still.',
  fix: 'Bound the whole upstream call, body included: AbortSignal.timeout(5000) in fetch, timeout=5.0 in httpx. A socket timeout alone does not end a dripping body.',
  basis: [
    'Production checklist: Performance, "HTTP client timeouts" (Required)',
    'AWS Builders Library, Timeouts, retries and backoff with jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/',
  ],
  remedies,
  headline: 'stalled-headers',
  criteria: [
    {
      id: 'stalled-headers',
      kind: 'core',
      title: 'The call ends in a clean error, within a bound, while the upstream stalls before its headers',
      proven: provenBy('stalled-upstream', judgeHanging('stalled-upstream')),
      declared: (project) => judgeUpstreamCalls(project, ['wait', 'whole'], ''),
      reads: ['source'],
      unknownReason: needsExperiment('stall the upstream before its headers'),
    },
    {
      id: 'dripping-body',
      kind: 'core',
      title: 'The call ends in a clean error, within a bound, while the upstream drips its body',
      proven: provenBy('dripping-upstream', judgeDripping),
      declared: (project) =>
        judgeUpstreamCalls(
          project,
          ['whole'],
          'its limit is of the wait for the next byte or for the headers, which a dripping body may never reach; only an experiment shows.',
        ),
      reads: ['source'],
      unknownReason: needsExperiment('let the upstream send its body a byte at a time'),
    },
    {
      id: 'others-served',
      kind: 'core',
      title: 'Meanwhile the server answers health and other calls',
      fix: 'Ask upstreams without blocking: await an asynchronous client, or give the blocking one a thread (asyncio.to_thread, a worker).',
      supporting: true,
      proven: judgeOthersServed,
      unknownReason: needsExperiment('call the server while another call hangs'),
    },
    {
      id: 'fails-cleanly',
      kind: 'core',
      title: 'The call ends in a clean error when the upstream resets, refuses, answers 500 or 429',
      fix: 'Check the status of every upstream answer, catch what the client throws, and return a result with isError: true that says what failed.',
      // Ending a call that fails at once takes no time limit.
      supporting: true,
      proven: provenBy('failing-upstream', judgeCleanFailures),
      unknownReason: needsExperiment('let the upstream reset, refuse, and answer 500 and 429'),
    },
    {
      id: 'bounded-retries',
      kind: 'extra',
      title: 'A call that fails is tried again a few times at most',
      fix: 'Retry two or three times, with exponential backoff and jitter, and nothing that a client retries by itself.',
      proven: provenBy('failing-upstream', judgeAttempts),
      unknownReason: needsExperiment('count what reaches the upstream while it fails'),
    },
    {
      id: 'recovers',
      kind: 'extra',
      title: 'Calls have results again when the upstream is back',
      fix: 'Throw away connections that broke, and let a circuit breaker try again after some seconds.',
      proven: provenBy('failing-upstream', judgeRecovery),
      unknownReason: needsExperiment('give the upstream back after it failed'),
    },
  ],
};
