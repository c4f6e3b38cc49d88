import type { RevisionAttempt } from '../../evidence/lab/revisions.ts';
import { allOver } from '../all-over.ts';
import { startInstance } from '../world/instance.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Over stdio each client starts a server of its own: are those served that speak only the revisions of one era? */
export const revisions: ExperimentOf<'revisions'> = {
  id: 'revisions',
  question: 'Does the server serve current clients and older ones?',
  does: 'Connects a client of the 2025 revisions and one of 2026-07-28.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 2,
  run: async (run) => {
    const attempts = await allOver([tryEra(run, 'legacy'), tryEra(run, 'modern')]);
    return { ran: true, history: { attempts } };
  },
};

async function tryEra(run: ExperimentRun, era: RevisionAttempt['era']): Promise<RevisionAttempt> {
  run.step(`connecting a client of the ${era} revisions`);
  const instance = await startInstance(run, { era });
  try {
    const { client = null, refusal = null } = instance.conversation ?? {};
    return { era, launch: instance.server.facts(), connection: client?.facts ?? null, refusal };
  } finally {
    await instance.stop();
  }
}
