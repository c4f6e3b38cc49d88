import { needsExperiment, type Row } from '../row.ts';

export const rateLimiting: Row = {
  id: 'rate-limiting',
  title: 'Per-client rate limiting',
  category: 'Security',
  level: 'required',
  why: 'One client in a loop takes the server, and your upstream quota, from everybody else.',
  fix: 'Count requests per authenticated client, answer 429 with a true Retry-After, and do not take the client from a forwarded header that anybody can write.',
  basis: [
    'Production readiness: Rate Limiting (60 requests per 60 s)',
    'RFC 6585 section 4 (429)',
    'RFC 9110 section 10.2.3 (Retry-After)',
  ],
  criteria: [
    {
      id: 'limited',
      kind: 'core',
      title: 'A burst meets 429 with Retry-After',
      unseen: needsExperiment('send a burst of cheap requests'),
    },
    {
      id: 'per-client',
      kind: 'core',
      title: 'Another client is unaffected',
      unseen: needsExperiment('send a burst as one client and a request as another'),
    },
    {
      id: 'unforgeable',
      kind: 'core',
      title: 'A forged X-Forwarded-For does not reset the count',
      unseen: needsExperiment('send a burst with forged addresses'),
    },
    {
      id: 'recovers',
      kind: 'core',
      title: 'The limit recovers when Retry-After says',
      unseen: needsExperiment('wait out the limit'),
    },
  ],
};
