import { randomValue } from '../world/canaries.ts';
import type { Instance } from '../world/instance.ts';
import { fillInAll } from '../world/placeholders.ts';
import type { World } from '../world/world.ts';
import { tokenFor } from './endpoint.ts';

/** The placeholder for its key in the settings of the limit: `${SECOND_CLIENT}`. */
const name = 'SECOND_CLIENT';
const subject = 'mcp-prod-lab-second';

export interface SecondClient {
  /** The settings of the limit, with the key of the second client. */
  env: Record<string, string>;
  /** Its bearer token for an instance with that environment. Undefined: the server knows no second client. */
  tokenAt: (instance: Instance) => Promise<string | undefined>;
}

/** A second client: another subject of the authorization server, or another key if the configuration has a place for it. */
export function makeSecondClient(world: World): SecondClient {
  const { plan, canaries } = world;
  const { limitsEnv = {} } = plan;
  const named = Object.values(limitsEnv).some((value) => value.includes(`\${${name}}`));
  const key = named ? randomValue() : undefined;
  if (key !== undefined) canaries.add(name, key);
  return {
    env: fillInAll(limitsEnv, { ...canaries.values, ...(key !== undefined && { [name]: key }) }),
    tokenAt: async (instance) => key ?? (await tokenFor(world, instance, { subject })),
  };
}
