import type { RevisionAttempt } from '../../evidence/lab/revisions.ts';
import { settleAll } from '../async/settle-all.ts';
import { withInstance } from '../world/instance.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Over stdio each client starts its own server. Clients may speak only the revisions of one era. */
export const revisions: ExperimentOf<'revisions'> = {
  id: 'revisions',
  question: 'Does the server support current clients and older ones?',
  does: 'Connects a client of the 2025 revisions and one of 2026-07-28.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 2,
  run: async (run) => {
    const attempts = await settleAll([tryEra(run, 'legacy'), tryEra(run, 'modern')]);
    return { ran: true, history: { attempts } };
  },
};

async function tryEra(run: ExperimentRun, era: RevisionAttempt['era']): Promise<RevisionAttempt> {
  run.step(`connecting a client of the ${era} revisions`);
  return withInstance(run, { era }, async ({ server, conversation }) => {
    const { client = null, refusal = null } = conversation ?? {};
    return { era, launch: server.facts(), connection: client?.facts ?? null, refusal };
  });
}
