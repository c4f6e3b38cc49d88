import type { Declared } from '../../../../evidence/declared.ts';
import type { Workload } from '../../../../evidence/workload.ts';
import { find, listOf, pairsOf, textAt } from '../../formats/yaml-nodes.ts';
import type { YamlNode } from '../../formats/yaml-tree.ts';
import { declaredAt, declaredText } from '../values.ts';
import type { KubernetesObject } from './objects.ts';

/** Annotations with the values by which an ingress controller or a load balancer keeps a client at one pod. */
const stickyAnnotations: [RegExp, RegExp][] = [
  [/^nginx\.ingress\.kubernetes\.io\/affinity$/, /^cookie$/],
  [/^nginx\.ingress\.kubernetes\.io\/upstream-hash-by$/, /./],
  [/^traefik\.ingress\.kubernetes\.io\/(?:service\.sticky\.cookie|affinity)$/, /^true$/],
  [/^haproxy\.org\/cookie-persistence$/, /./],
  [/^haproxy-ingress\.github\.io\/affinity$/, /^cookie$/],
  [/^alb\.ingress\.kubernetes\.io\/target-group-attributes$/, /stickiness\.enabled=true/],
];

/** The session affinity and the replicas of a workload, which other objects declare. */
export function exposureOf(
  object: KubernetesObject,
  others: readonly KubernetesObject[],
): Pick<Workload, 'affinity' | 'replicas'> {
  const services = others.filter(({ kind, node }) => kind === 'Service' && selects(node, object.node));
  const names = services.map(({ name }) => name);
  const ingresses = others.filter(
    ({ kind, node }) => kind === 'Ingress' && names.some((name) => sendsTo(node, name)),
  );
  const affinity = [...services, ...ingresses].map(({ node }) => affinityOf(node)).find(Boolean);
  const scaler = others.find(
    ({ kind, node }) =>
      kind === 'HorizontalPodAutoscaler' &&
      textAt(node, 'spec', 'scaleTargetRef', 'name') === object.name &&
      textAt(node, 'spec', 'scaleTargetRef', 'kind') === object.kind,
  );
  // An autoscaler sets the number of replicas, up to its maximum.
  const replicas = scaler && declaredAt(scaler.node, 'spec', 'maxReplicas');
  return { ...(affinity ? { affinity } : {}), ...(replicas ? { replicas } : {}) };
}

function selects(service: YamlNode, workload: YamlNode): boolean {
  const selector = pairsOf(service, 'spec', 'selector');
  const labels =
    textAt(workload, 'kind') === 'Pod'
      ? find(workload, 'metadata', 'labels')
      : find(workload, 'spec', 'template', 'metadata', 'labels');
  return selector.length > 0 && selector.every(([name, value]) => textAt(labels, name) === textAt(value));
}

/** Whether a rule or the default backend names the service (Ingress v1). */
function sendsTo(ingress: YamlNode, service: string): boolean {
  const backends = [
    find(ingress, 'spec', 'defaultBackend'),
    ...listOf(ingress, 'spec', 'rules').flatMap((rule) =>
      listOf(rule, 'http', 'paths').map((path) => find(path, 'backend')),
    ),
  ];
  return backends.some((backend) => textAt(backend, 'service', 'name') === service);
}

function affinityOf(node: YamlNode): Declared<string> | undefined {
  const own = declaredAt(node, 'spec', 'sessionAffinity');
  if (own?.known && own.value === 'ClientIP') return { ...own, value: 'sessionAffinity: ClientIP' };
  for (const [name, value] of pairsOf(node, 'metadata', 'annotations')) {
    const text = textAt(value) ?? '';
    if (stickyAnnotations.some(([known, sticky]) => known.test(name) && sticky.test(text))) {
      return declaredText(`${name}: ${text}`, value.at);
    }
  }
  return undefined;
}
