import { judgeSessions } from '../reading/protocol-sessions.ts';
import { needsExperiment, type Row } from '../row.ts';

export const horizontalScaling: Row = {
  id: 'horizontal-scaling',
  title: 'Works behind round-robin without sticky sessions, or declares them',
  category: 'Performance',
  level: 'recommended',
  why: 'Sessions in the memory of one instance turn every second request into a 404 as soon as there are two.',
  fix: 'Serve statelessly, keep sessions in a shared store, or configure session affinity at the balancer.',
  basis: [
    'Production readiness: Scaling Considerations, "Horizontal scaling"',
    'MCP 2026-07-28 (no protocol-level sessions): https://modelcontextprotocol.io/specification/2026-07-28/changelog',
  ],
  criteria: [
    {
      id: 'round-robin',
      kind: 'core',
      title: 'One client is served by two instances in turn',
      unseen: needsExperiment('launch two instances behind a round-robin balancer'),
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
