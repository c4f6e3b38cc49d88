import { setMaxListeners } from 'node:events';
import { holdsSecret } from '../../text/secrets/names.ts';
import { isHarmless } from '../../text/secrets/placeholder.ts';
import { createSemaphore, type Semaphore } from '../async/semaphore.ts';
import { settleAll } from '../async/settle-all.ts';
import type { LabPlan } from '../plan.ts';
import type { CollectWire } from '../wire-collector.ts';
import type { Authorization } from './authorization/authorization.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import type { Authority } from './gateway/authority.ts';
import { type CannedAnswers, loadCannedAnswers } from './gateway/canned.ts';
import { createCredential, type GatewayCredential } from './gateway/credential.ts';
import { createInspector } from './launcher/inspection/create-inspector.ts';
import type { Inspector } from './launcher/inspection/inspector.ts';
import { startWatchdog, type Watchdog } from './launcher/watchdog.ts';
import { readOwnVariables } from './own-variables.ts';

const launchesAtOnce = 2;

/** What every command of the project is run with, the build as well as a server. */
export interface Host {
  plan: LabPlan;
  /** Aborted by the user, or by the end of the budget. */
  signal: AbortSignal;
  canaries: Canaries;
  inspector: Inspector;
  watchdog: Watchdog;
}

/** What all instances of one lab share. Close it in any case. */
export interface World extends Host {
  answers: CannedAnswers;
  /** Variables that an environment file of the project sets, and the file. */
  ownVariables: ReadonlyMap<string, string>;
  authority: Authority;
  /** The gateways of this world serve only clients that present it. */
  credential: GatewayCredential;
  /** Null: the configuration names no issuer. */
  authorization: Authorization | null;
  collectWire: CollectWire;
  /** Limits how many servers start at a time. */
  launches: Semaphore;
  /** Resolves when no process, port or file is left. */
  close: () => Promise<void>;
}

export interface WorldOptions {
  signal: AbortSignal;
  collectWire: CollectWire;
  /** Runs while keys are made. If it fails, the world does not open. */
  beside?: (host: Host) => Promise<unknown>;
  /** Default: a new one. Tests share it, because keys take long to make. */
  authority?: Authority;
  watchdogProgram?: readonly string[];
}

/**
 * Opens the world of one lab.
 *
 * @throws LabProblem when a canned answer cannot be read, or nothing can be launched here; what `beside` throws
 */
export async function openWorld(plan: LabPlan, options: WorldOptions): Promise<World> {
  const { signal, collectWire, beside, authority: given, watchdogProgram } = options;
  // Every wait of every experiment adds a listener.
  setMaxListeners(0, signal);
  const answers = await loadCannedAnswers(plan.upstream, plan.directory);
  const ownVariables = await readOwnVariables(plan.directory);
  const canaries = canariesFor(plan, ownVariables);
  const watchdog = await startWatchdog(watchdogProgram);
  const host = { plan, signal, canaries, inspector: createInspector(), watchdog };
  try {
    const [authority, openAuthorization] = await settleAll([
      given ?? makeAuthority(),
      makeAuthorization(plan),
      beside?.(host),
    ]);
    // Made now, a certificate does not count against the time limits of the server.
    for (const name of answers.hosts) authority.contextFor(name.replace(/:\d+$/, ''));
    const credential = createCredential();
    canaries.conceal(credential.value);
    const authorization = await openAuthorization(authority);
    return {
      ...host,
      answers,
      ownVariables: new Map(ownVariables.map(({ name, file }) => [name, file])),
      authority,
      credential,
      authorization,
      collectWire,
      launches: createSemaphore(launchesAtOnce),
      close: async () => {
        await Promise.all([watchdog.close(), authorization?.close()]);
      },
    };
  } catch (error) {
    await watchdog.close();
    throw error;
  }
}

function canariesFor(
  { secrets = [], credential, env }: LabPlan,
  ownVariables: Awaited<ReturnType<typeof readOwnVariables>>,
): Canaries {
  const names = [...new Set([...secrets, ...(credential === undefined ? [] : [credential])])];
  const isSecret = (name: string) => names.includes(name) || holdsSecret(name);
  return createCanaries(
    names,
    Object.fromEntries(Object.entries(env).filter(([name]) => isSecret(name))),
    ownVariables.filter(({ name, value }) => isSecret(name) && !isHarmless(name, value)),
  );
}

/** Libraries for keys are loaded late, so that `beside` starts first. */
async function makeAuthority(): Promise<Authority> {
  const { createAuthority } = await import('./gateway/authority.ts');
  return createAuthority();
}

/** @returns opens the authorization server, if the plan names an issuer */
async function makeAuthorization({
  authorization: issuer,
}: LabPlan): Promise<(authority: Authority) => Promise<Authorization | null>> {
  if (issuer === undefined) return async () => null;
  const [{ createAuthorizationServer }, { openAuthorization }] = await Promise.all([
    import('./authorization/authorization-server.ts'),
    import('./authorization/authorization.ts'),
  ]);
  const server = await createAuthorizationServer(issuer);
  return (authority) => openAuthorization(server, authority);
}
