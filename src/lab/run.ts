import { isHarmless } from '../collect/project/secrets/placeholder.ts';
import { holdsSecret } from '../collect/project/secrets/secret-names.ts';
import { type Authorization, openAuthorization } from './authorization/authorization.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { type Authority, createAuthority } from './gateway/authority.ts';
import { type CannedAnswers, loadCannedAnswers } from './gateway/canned.ts';
import { createInspector } from './launcher/inspection/create-inspector.ts';
import type { Inspector } from './launcher/inspection/inspector.ts';
import { startWatchdog, type Watchdog } from './launcher/watchdog.ts';
import { readOwnVariables } from './own-variables.ts';
import type { LabPlan } from './plan.ts';
import { createSlots, type Slots } from './slots.ts';

const launchesAtOnce = 2;

/** One lab run: what all its instances share. Close it in any case. */
export interface LabRun {
  plan: LabPlan;
  canaries: Canaries;
  /** Variables that an environment file of the project's own gives a value, and the file. */
  ownVariables: ReadonlyMap<string, string>;
  authority: Authority;
  answers: CannedAnswers;
  /** Null: the server trusts none that the configuration names. */
  authorization: Authorization | null;
  inspector: Inspector;
  watchdog: Watchdog;
  /** For servers that are being launched. */
  launches: Slots;
  /** Resolves when no process and no file of the run is left. */
  close: () => Promise<void>;
}

/** Makes what takes longest. Whoever opens many runs may share it, or has it ready. */
interface Makers {
  authority: () => Promise<Authority>;
  watchdog: () => Promise<Watchdog>;
}

const makers: Makers = { authority: createAuthority, watchdog: startWatchdog };

/** @throws LabProblem when a canned answer cannot be read, or nothing can be launched here */
export async function openRun(plan: LabPlan, make = makers): Promise<LabRun> {
  const answers = await loadCannedAnswers(plan.upstream, plan.directory);
  const names = [
    ...new Set([...(plan.secrets ?? []), ...(plan.credential === undefined ? [] : [plan.credential])]),
  ];
  const given = Object.fromEntries(
    Object.entries(plan.env).filter(([name]) => names.includes(name) || holdsSecret(name)),
  );
  const own = await readOwnVariables(plan.directory);
  const ownSecrets = own.filter(
    ({ name, value }) => (names.includes(name) || holdsSecret(name)) && !isHarmless(name, value),
  );
  const [authority, watchdog] = await Promise.all([make.authority(), make.watchdog()]);
  // Made now, a certificate costs no time of the server's own limits.
  for (const host of answers.hosts) authority.contextFor(host.replace(/:\d+$/, ''));
  const authorization =
    plan.authorization === undefined ? null : await openAuthorization(plan.authorization, authority);
  return {
    plan,
    canaries: createCanaries(names, given, ownSecrets),
    ownVariables: new Map(own.map(({ name, file }) => [name, file])),
    authority,
    answers,
    authorization,
    inspector: createInspector(),
    watchdog,
    launches: createSlots(launchesAtOnce),
    close: async () => {
      await Promise.all([watchdog.close(), authorization?.close()]);
    },
  };
}
