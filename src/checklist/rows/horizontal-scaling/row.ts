import { provenBy } from '../../reading/lab/proven-by.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import { needsExperiment, type Row } from '../../row.ts';
import { judgeAffinity } from './affinity.ts';
import { judgeSessions } from './protocol-sessions.ts';
import { remedies } from './remedies.ts';
import { judgeRoundRobin } from './round-robin.ts';

export const horizontalScaling: Row = {
  id: 'horizontal-scaling',
  title: 'Works behind round-robin without sticky sessions, or declares them',
  category: 'Performance',
  level: 'recommended',
  why: 'Sessions in the memory of one instance turn every second request into a 404 as soon as there are two.',
  fix: 'Serve statelessly, keep sessions in a shared store, or configure session affinity at the balancer.',
  basis: [
    'Production readiness: Scaling Considerations, "Horizontal scaling"',
    'Kubernetes, session affinity: https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity',
    'MCP 2026-07-28 (no protocol-level sessions): https://modelcontextprotocol.io/specification/2026-07-28/changelog',
  ],
  remedies,
  only: { transport: 'http', because: 'each client starts one of its own' },
  headline: 'round-robin',
  criteria: [
    {
      id: 'session-affinity',
      kind: 'core',
      title: 'Where several instances are declared, a client stays with one of them',
      fix: 'Set sessionAffinity: ClientIP on the Kubernetes Service or a cookie on its Ingress, or serve statelessly.',
      declared: (project) => judgeUnits(project, judgeAffinity),
    },
    {
      id: 'round-robin',
      kind: 'core',
      title: 'One client is served by two instances in turn',
      proven: provenBy('round-robin', judgeRoundRobin),
      unknownReason: needsExperiment('launch two instances behind a round-robin balancer'),
    },
    {
      id: 'sessionless',
      kind: 'core',
      supporting: true,
      title: 'Requests belong to no session that one instance would have to know',
      observed: judgeSessions,
    },
  ],
};
