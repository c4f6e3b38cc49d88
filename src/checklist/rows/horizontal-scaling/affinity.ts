import { placeText } from '../../../text/places.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

/** A server without affinity may keep its sessions elsewhere or have none, so that files alone never fail it. */
export function judgeAffinity({ title, at, affinity, replicas }: DeploymentUnit): Judgement {
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
