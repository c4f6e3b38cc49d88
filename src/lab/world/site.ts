import { holdsSecret } from '../../text/secrets/names.ts';
import { isHarmless } from '../../text/secrets/placeholder.ts';
import type { LabPlan } from '../plan.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { type CannedAnswers, loadCannedAnswers } from './gateway/canned.ts';
import { createInspector } from './launcher/inspection/create-inspector.ts';
import type { Inspector } from './launcher/inspection/inspector.ts';
import { startWatchdog, type Watchdog } from './launcher/watchdog.ts';
import { readOwnVariables } from './own-variables.ts';

/** What every command of the project is run with, the build as well as a server. Close it in any case. */
export interface Site {
  plan: LabPlan;
  answers: CannedAnswers;
  canaries: Canaries;
  /** Variables that an environment file of the project's own gives a value, and the file. */
  ownVariables: ReadonlyMap<string, string>;
  inspector: Inspector;
  watchdog: Watchdog;
  /** Resolves when no process and no file is left. */
  close: () => Promise<void>;
}

/** @throws LabProblem when a canned answer cannot be read, or nothing can be launched here */
export async function openSite(plan: LabPlan, makeWatchdog = startWatchdog): Promise<Site> {
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
  const watchdog = await makeWatchdog();
  return {
    plan,
    answers,
    canaries: createCanaries(names, given, ownSecrets),
    ownVariables: new Map(own.map(({ name, file }) => [name, file])),
    inspector: createInspector(),
    watchdog,
    close: watchdog.close,
  };
}
