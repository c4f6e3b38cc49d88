import type { Experiment } from '../../../evidence/lab/experiment.ts';
import type { FaultName } from '../../../evidence/lab/gateway.ts';
import type { HealthPoll } from '../../../evidence/lab/health-poll.ts';
import type { HealthRefusedHistory } from '../../../evidence/lab/health-refused.ts';
import { pause } from '../../async/pause.ts';
import { type Caller, createCaller } from '../../client/caller.ts';
import { noHealthPath, pollHealth } from '../../client/health.ts';
import type { Instance } from '../../world/instance.ts';
import type { ExperimentRun } from '../experiment.ts';
import { onInstance } from './on-instance.ts';

/** Milliseconds between two polls, and the most polls of one wait. */
const everyMs = 500;
const mostPolls = 40;
/** Polls after the first 503, to measure such a response. */
const confirmations = 2;
/** Some servers notice by calls only: milliseconds until the first, until the next, and the most calls. */
const firstCallMs = 3_000;
const nextCallMs = 2_000;
const mostCalls = 5;
/** Milliseconds for a call. How it ends does not matter. */
const callTimeoutMs = 5_000;

/** Polls the health path before, while and after the upstream is down. */
export async function takeAway(
  run: ExperimentRun,
  fault: FaultName,
): Promise<Experiment<HealthRefusedHistory>> {
  const { health } = run.known;
  if (health === null) return noHealthPath;
  const history = await onInstance(run, async ({ instance, tool, connect }) =>
    watch(
      {
        run,
        instance,
        caller: createCaller(await connect(), tool, callTimeoutMs),
        path: health,
        requests: [],
      },
      fault,
    ),
  );
  return { ran: true, history };
}

async function watch(
  watched: Watched,
  fault: FaultName,
): Promise<Omit<HealthRefusedHistory, 'launch' | 'gateway'>> {
  const { run, instance, caller, path, requests } = watched;
  const { gateway, now } = instance;
  run.step(`waiting for ${path} to return 200`);
  if (await pollUntil(200, watched)) {
    await gateway.set(fault);
    run.step(`the upstream is down (${fault}); waiting for ${path} to return 503`);
    if (await pollUntil(503, watched)) await pollOften(confirmations, watched);
    await gateway.set('pass');
    run.step(`the upstream is back; waiting for ${path} to return 200`);
    await pollUntil(200, watched);
  }
  const endedMs = Math.round(now());
  return { requests, calls: await caller.finished(), endedMs };
}

interface Watched {
  run: ExperimentRun;
  instance: Instance;
  caller: Caller;
  path: string;
  /** Every poll goes here. */
  requests: HealthPoll[];
}

/** One slow response may be due to the machine; several are due to the server. */
async function pollOften(times: number, { run, instance, path, requests }: Watched): Promise<void> {
  for (let made = 0; made < times; made += 1) {
    await pause(everyMs, run.signal);
    requests.push(await pollHealth(run, instance, path));
  }
}

/** Polls until a response has this status, or the time is up. */
async function pollUntil(
  status: number,
  { run, instance, caller, path, requests }: Watched,
): Promise<boolean> {
  const { patienceMs } = run.plan;
  const { signal } = run;
  const { now } = instance;
  const begin = now();
  const intervalMs = Math.max(everyMs, patienceMs / mostPolls);
  let calls = 0;
  while (now() - begin < patienceMs) {
    const next = now() + intervalMs;
    const poll = await pollHealth(run, instance, path);
    requests.push(poll);
    if (poll.outcome.kind === 'answer' && poll.outcome.status === status) return true;
    if (calls < mostCalls && now() - begin >= firstCallMs + calls * nextCallMs) {
      calls += 1;
      caller.call();
    }
    await pause(Math.max(0, next - now()), signal);
  }
  return false;
}
