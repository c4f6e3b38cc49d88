import { randomValue } from '../world/canaries.ts';
import type { Instance } from '../world/instance.ts';
import { fillInAll } from '../world/placeholders.ts';
import type { World } from '../world/world.ts';
import { tokenFor } from './endpoint.ts';

/** What stands for its key in the environment of the limits: `${SECOND_CLIENT}`. */
const name = 'SECOND_CLIENT';
const subject = 'mcp-prod-lab-second';

export interface SecondClient {
  /** The environment of the limits, by which a server with keys knows this one too. */
  env: Record<string, string>;
  /** Its bearer token at an instance with that environment; undefined: the server knows no other client than the first. */
  tokenAt: (instance: Instance) => Promise<string | undefined>;
}

/**
 * Another client than the usual one: another subject to an authorization server, another key where the configuration says
 * in which variable the server takes it.
 */
export function makeSecondClient(run: World): SecondClient {
  const { plan, canaries } = run;
  const { limitsEnv = {} } = plan;
  const named = Object.values(limitsEnv).some((value) => value.includes(`\${${name}}`));
  const key = named ? randomValue() : undefined;
  if (key !== undefined) canaries.add(name, key);
  return {
    env: fillInAll(limitsEnv, { ...canaries.values, ...(key !== undefined && { [name]: key }) }),
    tokenAt: async (instance) => key ?? (await tokenFor(run, instance, { subject })),
  };
}
