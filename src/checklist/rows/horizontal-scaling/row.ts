import { provenBy } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeDeclaredAffinity, judgeUnsharedSessions } from './needed-affinity.ts';
import { remedies } from './remedies.ts';
import { judgeRoundRobin } from './round-robin.ts';

export const horizontalScaling: Row = {
  id: 'horizontal-scaling',
  title: 'Works behind round-robin without sticky sessions, or declares them',
  category: 'Performance',
  level: 'recommended',
  why: 'An instance that keeps sessions in memory responds with 404 to the clients of another. With two instances, every second request fails.',
  fix: 'Serve without sessions, keep sessions in a shared store, or configure session affinity at the balancer.',
  basis: [
    'Production readiness: Scaling Considerations, "Horizontal scaling"',
    'Kubernetes, session affinity: https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity',
    'MCP 2026-07-28 (no protocol-level sessions): https://modelcontextprotocol.io/specification/2026-07-28/changelog',
  ],
  remedies,
  only: { transport: 'http', because: 'each client starts its own instance' },
  headline: 'round-robin',
  criteria: [
    {
      id: 'session-affinity',
      kind: 'core',
      attestable: { by: 'session affinity of the load balancer' },
      title: 'A deployment with several instances declares session affinity',
      fix: 'Set sessionAffinity: ClientIP on the Kubernetes Service, or cookie affinity on its Ingress. Or serve without sessions.',
      declared: judgeDeclaredAffinity,
    },
    {
      id: 'round-robin',
      kind: 'core',
      title: 'Two instances behind a round-robin balancer serve one client',
      proven: provenBy('round-robin', judgeRoundRobin),
      experiment: 'launch two instances behind a round-robin balancer',
    },
    {
      id: 'sessionless',
      kind: 'core',
      supporting: true,
      title: 'The server serves requests without a session',
      observed: judgeUnsharedSessions,
    },
  ],
};
