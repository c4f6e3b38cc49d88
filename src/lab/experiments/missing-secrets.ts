import type { WithheldSecret } from '../../evidence/lab/missing-secrets.ts';
import { createSemaphore } from '../async/semaphore.ts';
import { settleAll } from '../async/settle-all.ts';
import { withInstance } from '../world/instance.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

const maxSecrets = 8;
const atOnce = 2;
/** Milliseconds in which a server that listens may still notice the missing variable. */
const afterthoughtMs = 2_000;

/** A server that starts without its key looks healthy and fails every call. */
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
        reason: 'The lab does not know which variables hold secrets, and could not withhold any.',
        help: 'Name the variables that the server needs in "secrets" and "required".',
      };
    }
    const slots = createSemaphore(atOnce);
    const withheld = await settleAll(
      names.slice(0, maxSecrets).map(async (name) => {
        const giveBack = await slots.acquire(run.signal);
        try {
          run.step(`starting the server without ${name}`);
          return await withhold(run, name);
        } finally {
          giveBack();
        }
      }),
    );
    return { ran: true, history: { withheld, untried: names.slice(maxSecrets) } };
  },
};

/** Over stdio no client sends the credential, and some of `required` may matter to a listener only, such as a public URL. */
function namesOf({ plan, canaries }: ExperimentRun): string[] {
  const secrets = Object.keys(canaries.values);
  if (plan.transport === 'stdio') return secrets.filter((name) => name !== plan.credential);
  return [...new Set([...secrets, ...(plan.required ?? [])])];
}

async function withhold(run: ExperimentRun, name: string): Promise<WithheldSecret> {
  const envFile = run.ownVariables.get(name) ?? null;
  // The server takes an unset variable from such a file. Most loaders keep one that is set and empty.
  const how = envFile === null ? 'unset' : 'empty';
  const env = { [name]: how === 'unset' ? undefined : '' };
  return withInstance(run, { env }, async ({ server }) => {
    if (server.serves) await waitForExit(server, afterthoughtMs, run.signal);
    // The lab causes whatever end comes later.
    return { name, envFile, how, launch: server.facts() };
  });
}
