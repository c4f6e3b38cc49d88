import type { AccessProbe } from '../../../evidence/wire.ts';
import type { DerivedCredential } from '../http/identity.ts';
import { post } from '../mcp/requests.ts';
import { endSession, initialize, sessionOf } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import { discover, type Tried, triedOperation } from './access.ts';
import type { Found } from './endpoints.ts';

export const derivedCredentials: readonly DerivedCredential[] = ['prefix', 'extended'];

/** The operations that the given credential opens and that the server refuses for a made-up one. */
export function refusedOperations(tried: readonly Tried[]): AccessProbe[] {
  const granted = tried.filter(
    ({ probe }) =>
      probe.credential === 'given' && ['result', 'stream', 'accepted'].includes(probe.reply.kind),
  );
  return granted
    .map(({ probe }) => probe)
    .filter(({ operation, era }) =>
      tried.some(
        ({ probe, result }) =>
          probe.credential === 'wrong' &&
          probe.operation === operation &&
          probe.era === era &&
          (result.answer?.status === 401 || result.answer?.status === 403),
      ),
    );
}

/** The cheapest of them without a session: a session may belong to the right credential. */
export function tellingOperation(tried: readonly Tried[]): AccessProbe | undefined {
  const refused = refusedOperations(tried);
  return (
    refused.find(({ operation, era }) => operation === 'list-tools' && era === 'modern') ??
    refused.find(({ operation }) => operation === 'initialize' || operation === 'discover')
  );
}

/** Tries that operation of a Streamable HTTP endpoint with a credential that was made from the given one. */
export async function tryDerived(
  run: Run,
  { url }: Found,
  credential: DerivedCredential,
  { operation }: AccessProbe,
): Promise<Tried[]> {
  if (operation === 'initialize') {
    const initialized = await initialize(run, url, credential);
    await endSession(run, url, credential, sessionOf(initialized));
    return triedOperation(run, operation, credential, initialized, 'legacy');
  }
  const result =
    operation === 'discover'
      ? await discover(run, url, credential)
      : await post(run, 'tools/list', url, credential, run.messages.modern('tools/list'));
  return triedOperation(run, operation, credential, result, 'modern');
}
