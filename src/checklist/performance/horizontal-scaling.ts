import type { Deployed } from '../reading/deployed.ts';
import { judgeDeployed } from '../reading/deployments.ts';
import { judgeSessions } from '../reading/protocol-sessions.ts';
import { placeText } from '../reading/stages.ts';
import { inconclusive, type Judgement, needsExperiment, notApplicable, pass, type Row } from '../row.ts';

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
  only: { transport: 'http', because: 'each client starts one of its own' },
  criteria: [
    {
      id: 'session-affinity',
      kind: 'core',
      title: 'Where several instances are declared, a client stays with one of them',
      fix: 'Set sessionAffinity: ClientIP on the Kubernetes Service or a cookie on its Ingress, or serve statelessly.',
      declared: (project) => judgeDeployed(project, judgeAffinity),
    },
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

/** A server without affinity may keep its sessions elsewhere or have none, so that files alone never fail it. */
function judgeAffinity({ title, at, affinity, replicas }: Deployed): Judgement {
  if (affinity) {
    const text = affinity.known ? affinity.value : affinity.text;
    return pass(`${title}: ${text} (${placeText(affinity.at)}).`, affinity.at);
  }
  if (!replicas) return notApplicable(`${title} (${placeText(at)}) does not say that there are several.`);
  const count = replicas.known ? replicas.value : replicas.text;
  const where = `${title}: ${count} instances (${placeText(replicas.at)})`;
  return /^[01]$/.test(count)
    ? notApplicable(`${where}.`)
    : inconclusive(`${where}, and no affinity is declared; a server without sessions in memory needs none.`);
}
