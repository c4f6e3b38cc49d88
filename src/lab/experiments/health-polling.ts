import type { HealthPoll } from '../../evidence/lab/health-poll.ts';
import { noHealthPath, pollHealth } from '../client/health.ts';
import { pause } from '../pause.ts';
import type { ExperimentOf } from './experiment.ts';
import { onInstance } from './shared/on-instance.ts';

const polls = 20;
const everyMs = 100;
/** Milliseconds for what the last poll still asks upstream. */
const lastMs = 500;

/** The path is open to everybody: does each poll of it cost a request of the upstream’s quota? */
export const healthPolling: ExperimentOf<'health-polling'> = {
  id: 'health-polling',
  question: 'Does frequent health polling spare the upstream?',
  does: `Polls the health path ${polls} times in ${(polls * everyMs) / 1_000} s. Counts what reaches the upstream.`,
  over: ['http'],
  needs: 'upstream',
  seconds: 4,
  run: async (run) => {
    const { health } = run.known;
    const { signal } = run.plan;
    if (health === null) return noHealthPath;
    const history = await onInstance(run, async ({ instance }) => {
      run.step(`polling ${health} ${polls} times`);
      const sent: Promise<HealthPoll>[] = [];
      try {
        // By the clock, and not by the answers: those who poll do not wait for each other.
        while (sent.length < polls) {
          const poll = pollHealth(run, instance, health);
          // An abort may come before anybody waits for it.
          poll.catch(() => {});
          sent.push(poll);
          await pause(everyMs, signal);
        }
        const requests = await Promise.all(sent);
        await pause(lastMs, signal);
        return { requests };
      } finally {
        await Promise.allSettled(sent);
      }
    });
    return { ran: true, history };
  },
};
