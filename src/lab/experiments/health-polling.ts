import type { HealthPoll } from '../../evidence/lab/health-poll.ts';
import { pause } from '../async/pause.ts';
import { noHealthPath, pollHealth } from '../client/health.ts';
import type { ExperimentOf } from './experiment.ts';
import { onInstance } from './shared/on-instance.ts';

const polls = 20;
const everyMs = 100;
/** Milliseconds for upstream requests of the last poll. */
const lastMs = 500;

/** Anybody can poll the path: a poll must not cost a request of the upstream's quota. */
export const healthPolling: ExperimentOf<'health-polling'> = {
  id: 'health-polling',
  question: 'Does frequent health polling spare the upstream?',
  does: `Polls the health path ${polls} times in ${(polls * everyMs) / 1_000} s. Counts what reaches the upstream.`,
  over: ['http'],
  needs: 'upstream',
  seconds: 4,
  run: async (run) => {
    const { health } = run.known;
    const { signal } = run;
    if (health === null) return noHealthPath;
    const history = await onInstance(run, async ({ instance }) => {
      run.step(`polling ${health} ${polls} times`);
      const sent: Promise<HealthPoll>[] = [];
      try {
        // By the clock, not by the responses: clients that poll do not wait for each other.
        while (sent.length < polls) {
          const poll = pollHealth(run, instance, health);
          // An abort may come before the await.
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
