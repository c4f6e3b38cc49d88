import type { LabPlan } from '../plan.ts';
import { type Authorization, openAuthorization } from './authorization/authorization.ts';
import { type AuthorizationServer, createAuthorizationServer } from './authorization/authorization-server.ts';
import { type Authority, createAuthority } from './gateway/authority.ts';
import { createCredential, type GatewayCredential } from './gateway/credential.ts';
import type { Site } from './site.ts';
import { createSlots, type Slots } from './slots.ts';

const launchesAtOnce = 2;

/** One lab run: what all its instances share. Close it in any case. */
export interface LabRun extends Site {
  authority: Authority;
  /** Without it no gateway of the run serves anybody. */
  credential: GatewayCredential;
  /** Null: the server trusts none that the configuration names. */
  authorization: Authorization | null;
  /** For servers that are being launched. */
  launches: Slots;
}

/** What takes long to make and has not to be closed. Runs may share it. */
export interface Keys {
  authority: Authority;
  authorizationServer: AuthorizationServer | null;
}

export async function makeKeys({ authorization }: Pick<LabPlan, 'authorization'>): Promise<Keys> {
  const [authority, authorizationServer] = await Promise.all([
    createAuthority(),
    authorization === undefined ? null : createAuthorizationServer(authorization),
  ]);
  return { authority, authorizationServer };
}

/** The site with what stands between the server and others. Its close is the site's as well. */
export async function openRun(site: Site, { authority, authorizationServer }: Keys): Promise<LabRun> {
  // Made now, a certificate costs no time of the server's own limits.
  for (const host of site.answers.hosts) authority.contextFor(host.replace(/:\d+$/, ''));
  const authorization =
    authorizationServer === null ? null : await openAuthorization(authorizationServer, authority);
  const credential = createCredential();
  site.canaries.conceal(credential.value);
  return {
    ...site,
    authority,
    credential,
    authorization,
    launches: createSlots(launchesAtOnce),
    close: async () => {
      await Promise.all([site.close(), authorization?.close()]);
    },
  };
}
