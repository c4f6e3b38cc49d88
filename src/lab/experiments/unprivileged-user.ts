import type { LaunchOutcome } from '../../evidence/lab/launch.ts';
import type { UnprivilegedUserHistory } from '../../evidence/lab/unprivileged-user.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { preloads } from '../world/interposition/interposition.ts';
import { commandLine } from '../world/launcher/command.ts';
import { findUnprivilegedUser } from '../world/launcher/user.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Milliseconds for a request while nothing is wrong. */
const timeoutMs = 10_000;

/** Production runs the server without root. It must start and serve there. */
export const unprivilegedUser: ExperimentOf<'unprivileged-user'> = {
  id: 'unprivileged-user',
  question: 'Does the server run without root?',
  does: 'Starts the server as an unprivileged user where the audit runs as root. Elsewhere reads the user of the process.',
  over: ['http', 'stdio'],
  needs: 'listener',
  seconds: 1,
  run: async (run) => {
    const { plan, known, watchdog } = run;
    const { launch, calls, gateway } = known.baseline;
    const uid = uidOf(launch.outcome);
    const directories = { project: plan.directory, lab: watchdog.directory };
    if (uid === null) {
      return { ran: false, reason: 'The user of the server process could not be determined on this system.' };
    }
    if (uid !== 0) {
      const own = { startedAs: null, readsAll: false, failure: null, requests: [] };
      return { ran: true, history: { launch, ...own, ...directories, calls, gateway } };
    }
    const { file } = commandLine(plan.command);
    const user = await findUnprivilegedUser(file, plan.directory, preloads);
    if ('unreadable' in user) {
      return {
        ran: false,
        reason: `The audit runs as root, and other users cannot read ${user.unreadable}.`,
        help: 'Run the audit as an unprivileged user, or move the project to a place that other users can read.',
      };
    }
    return withInstance(run, { as: user }, async (instance) => {
      const served = await serve(run, instance);
      const { uid: startedAs, readsAll } = user;
      const seen = { launch: instance.server.facts(), startedAs, readsAll, ...directories, ...served };
      return { ran: true, history: { ...seen, gateway: instance.gateway.record() } };
    });
  },
};

/** Of the process that listens, or speaks. */
function uidOf(outcome: LaunchOutcome): number | null {
  if (outcome.kind === 'listening') return outcome.listener.uid;
  return outcome.kind === 'speaking' ? outcome.uid : null;
}

/** Repeats the baseline: health, and a call. */
async function serve(
  run: ExperimentRun,
  instance: Instance,
): Promise<Pick<UnprivilegedUserHistory, 'failure' | 'calls' | 'requests'>> {
  const { known } = run;
  const seen: Pick<UnprivilegedUserHistory, 'failure' | 'calls' | 'requests'> = {
    failure: null,
    calls: [],
    requests: [],
  };
  if (!instance.server.serves) return seen;
  if (known.health !== null) {
    seen.requests.push(await ask(run, instance, { path: known.health, timeoutMs }));
  }
  if (known.endpoint === null && instance.conversation === null) return seen;
  let client: LabClient | null = null;
  try {
    client = await connectTo(run, instance, known);
    const words = known.tool?.arguments(0);
    if (known.tool !== null && words !== undefined) {
      seen.calls.push(await client.call(known.tool.name, words, { timeoutMs }));
    }
  } catch (error) {
    run.signal.throwIfAborted();
    seen.failure = (error as Error).message;
  } finally {
    await client?.close();
  }
  return seen;
}
