import { judgeUpstreamCalls } from '../reading/upstream-calls.ts';
import { needsExperiment, type Row } from '../row.ts';

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
  criteria: [
    {
      id: 'stalled-headers',
      kind: 'core',
      title: 'The call ends in a clean error while the upstream stalls before its headers',
      declared: (project) => judgeUpstreamCalls(project, ['wait', 'whole'], ''),
      unseen: needsExperiment('stall the upstream before its headers'),
    },
    {
      id: 'dripping-body',
      kind: 'core',
      title: 'The call ends in a clean error while the upstream drips its body',
      declared: (project) =>
        judgeUpstreamCalls(
          project,
          ['whole'],
          'its limit is of the wait for the next byte or for the headers, which a dripping body may never reach; only an experiment shows.',
        ),
      unseen: needsExperiment('let the upstream send its body a byte at a time'),
    },
    {
      id: 'others-served',
      kind: 'core',
      title: 'Meanwhile the server answers health and other calls',
      unseen: needsExperiment('call the server while another call hangs'),
    },
  ],
};
