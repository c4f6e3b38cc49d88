import { count } from '../../../text/counts.ts';
import { placeText } from '../../../text/places.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

/** Files alone never fail a server without affinity: it may share its sessions, or have none. */
export function judgeAffinity({ title, at, affinity, replicas }: DeploymentUnit): Judgement {
  if (affinity) {
    const value = affinity.known ? affinity.value : affinity.text;
    return pass(`${title} declares ${value} (${placeText(affinity.at)}).`, affinity.at);
  }
  if (!replicas) return notApplicable(`${title} (${placeText(at)}) does not declare several instances.`);
  const instances = replicas.known ? replicas.value : replicas.text;
  const place = placeText(replicas.at);
  return /^[01]$/.test(instances)
    ? notApplicable(`${title} declares ${count(Number(instances), 'instance')} (${place}).`)
    : inconclusive(
        `${title} declares ${instances} instances (${place}), but no session affinity. A server without sessions in memory needs none. Add --lab.`,
      );
}
