import type { Place } from '../../../evidence/declared.ts';
import type { Workload } from '../../../evidence/workload.ts';
import type { Lookup } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import { listLimit, listOf, pairsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { recordAssignment, type Secrets } from '../secrets/literal-secrets.ts';

export interface Assignment {
  name: string;
  value: string;
  at: Place;
}

/** Literal values under their names, as they are recorded. Secrets among them are masked and become findings. */
export function recordEnvironment(assignments: Assignment[], secrets: Secrets): Workload['environment'] {
  return assignments.slice(0, listLimit).map(({ name, value, at }) => ({
    name: bounded(name, 100),
    value: { known: true, value: recordAssignment(secrets, name, value, at), at },
  }));
}

/** A list of maps, `[{name: PORT, value: "3000"}]`. References are left out. */
export function listedAssignments(node: YamlNode | undefined, nameKey = 'name'): Assignment[] {
  return listOf(node).flatMap((item) => {
    const name = textAt(item, nameKey);
    const value = textAt(item, 'value');
    return name === undefined || value === undefined ? [] : [{ name, value, at: item.at }];
  });
}

/** A map of names to values. */
export function mappedAssignments(node: YamlNode | undefined): Assignment[] {
  return pairsOf(node).flatMap(([name, item]) => {
    const value = textAt(item);
    return value === undefined ? [] : [{ name, value, at: item.at }];
  });
}

/** The variables that a command of this workload can read. */
export function lookupOf(assignments: Assignment[]): Lookup {
  const values = new Map(assignments.map(({ name, value }) => [name, value]));
  return (name) => {
    const value = values.get(name);
    return value === undefined
      ? { state: 'unset', why: `the workload does not set ${name}` }
      : { state: 'set', value };
  };
}
