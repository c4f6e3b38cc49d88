import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchFacts } from '../../evidence/lab/launch.ts';
import type { WithheldSecret } from '../../evidence/lab/missing-secrets.ts';
import { allOver } from '../all-over.ts';
import { startInstance } from '../world/instance.ts';
import { createSlots } from '../world/slots.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

const maxSecrets = 8;
const atOnce = 2;
/** Milliseconds in which a server that listens may still notice what is missing. */
const afterthoughtMs = 2_000;

/** A server that starts without its key looks healthy and fails each call: does a missing one stop it? */
export const missingSecrets: ExperimentOf<'missing-secrets'> = {
  id: 'missing-secrets',
  question: 'Does the server start without its secrets?',
  does: 'Starts the server without each variable of `secrets` and `required`.',
  over: ['http', 'stdio'],
  needs: 'listener',
  seconds: 2,
  run: async (run) => {
    const { secrets, required } = run.plan;
    const names = namesOf(run);
    if (names.length === 0 && secrets === undefined && required === undefined) {
      return {
        ran: false,
        reason: 'The lab does not know which variables hold secrets, so that none could be withheld.',
        help: 'Name those that the server cannot do without in "secrets" and "required".',
      };
    }
    const slots = createSlots(atOnce);
    const withheld = await allOver(
      names.slice(0, maxSecrets).map(async (name) => {
        const giveBack = await slots.take(run.plan.signal);
        try {
          run.step(`starting it without ${name}`);
          return await withhold(run, name);
        } finally {
          giveBack();
        }
      }),
    );
    return { ran: true, history: { withheld, untried: names.slice(maxSecrets) } };
  },
};

/**
 * All that it must not start without. Over stdio a server can do without its clients' credential, which nobody sends, and
 * without what only a listener needs, such as a public URL: nobody says which of "required" that is.
 */
function namesOf({ plan, canaries }: ExperimentRun): string[] {
  const secrets = Object.keys(canaries.values);
  if (plan.transport === 'stdio') return secrets.filter((name) => name !== plan.credential);
  return [...new Set([...secrets, ...(plan.required ?? [])])];
}

async function withhold(run: ExperimentRun, name: string): Promise<WithheldSecret> {
  const envFile = run.ownVariables.get(name) ?? null;
  // What is unset, the server takes from such a file; most loaders leave alone what is there and empty.
  const how = envFile === null ? 'unset' : 'empty';
  return { name, envFile, how, launch: await startWith(run, { [name]: how === 'unset' ? undefined : '' }) };
}

async function startWith(run: ExperimentRun, env: Record<string, string | undefined>): Promise<LaunchFacts> {
  const { signal } = run.plan;
  const instance = await startInstance(run, { env });
  try {
    if (instance.server.serves) {
      await Promise.race([instance.server.exited, delay(afterthoughtMs, undefined, { signal })]);
    }
    // How it ends from here on is the lab's doing.
    return instance.server.facts();
  } finally {
    await instance.stop();
  }
}
