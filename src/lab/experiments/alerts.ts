import { pause } from '../async/pause.ts';
import { createCaller } from '../client/caller.ts';
import { openAlertReceiver } from '../world/alert-receiver.ts';
import type { ExperimentOf } from './experiment.ts';
import { onInstance } from './shared/on-instance.ts';

const calls = 12;
const atOnce = 3;
/** Milliseconds to wait for further alerts after the first, and between two looks. */
const quietMs = 3_000;
const lookEveryMs = 100;

/** Somebody must hear of failures, and once rather than as often as they happen. */
export const alerts: ExperimentOf<'alerts'> = {
  id: 'alerts',
  question: 'Does a burst of failures raise one alert?',
  does: `Makes ${calls} calls fail, with a receiver of the lab at the alert URL.`,
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 6,
  run: async (run) => {
    const { alertEnv, patienceMs } = run.plan;
    const { signal } = run;
    if (alertEnv === undefined) {
      return {
        ran: false,
        reason: 'The lab does not know where the server sends its alerts.',
        help: 'Name the variable for the alert URL: "alert": { "env": "ALERT_WEBHOOK_URL" }.',
      };
    }
    const receiver = await openAlertReceiver(run.canaries);
    try {
      const history = await onInstance(
        run,
        async ({ instance, tool, connect }) => {
          const { now } = instance;
          const caller = createCaller(await connect(), tool, patienceMs);
          await instance.gateway.set('server-error');
          const faultMs = Math.round(now());
          const before = receiver.count();
          run.step(`making ${calls} calls fail`);
          let made = 0;
          // A server that retries fails slowly, and gets fewer calls.
          while (made < calls && now() - faultMs < patienceMs) {
            for (let one = 0; one < atOnce; one += 1) caller.call();
            made += atOnce;
            await caller.finished();
          }
          await instance.gateway.set('pass');
          run.step('waiting for an alert');
          const patient = now() + patienceMs;
          while (receiver.count() === before && now() < patient) await pause(lookEveryMs, signal);
          if (receiver.count() > before) await pause(quietMs, signal);
          const endedMs = Math.round(now());
          return { alertEnv, calls: await caller.finished(), ...receiver.record(now), faultMs, endedMs };
        },
        { env: { [alertEnv]: receiver.url } },
      );
      return { ran: true, history };
    } finally {
      await receiver.close();
    }
  },
};
