import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedCall, LoggingHistory } from '../../evidence/lab/logging.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import type { CallableTool } from '../known-server.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { obstacleTo } from './obstacles.ts';

/** Milliseconds without a line after which the output rests. */
const restMs = 400;
/** Milliseconds that an output is waited for that never rests. */
const longestWaitMs = 3_000;
/** Milliseconds in which nothing is sent, to see what is written all the same. */
const quietMs = 800;
/** Milliseconds for a server that was asked to end, so that it writes what it has kept back. */
const endMs = 3_000;

/** Calls a tool plainly, with a forged log line as argument, and so that it fails; what the server writes meanwhile is its log. */
export const logging: ExperimentOf<'logging'> = {
  id: 'logging',
  question: 'What does the server log when it is called?',
  does: 'Calls a tool normally, with a forged log line in an argument, and in a way that fails.',
  over: ['http', 'stdio'],
  needs: 'call',
  seconds: 5,
  run: async (run) => {
    const { tool } = run.known;
    const instance = await startInstance(run);
    let seen: Omit<LoggingHistory, 'launch' | 'gateway'>;
    try {
      if (tool === null || !instance.server.serves) {
        return { ran: false, reason: 'It did not serve when it was launched once more.' };
      }
      seen = await callAndWatch(run, instance, tool);
    } finally {
      await instance.stop();
    }
    return {
      ran: true,
      history: { launch: instance.server.facts(), ...seen, gateway: instance.gateway.record() },
    };
  },
};

async function callAndWatch(
  run: ExperimentRun,
  instance: Instance,
  tool: CallableTool,
): Promise<Omit<LoggingHistory, 'launch' | 'gateway'>> {
  const { known, plan } = run;
  const { server, now } = instance;
  run.step('waiting for the lines of its start');
  // What is said of the start may come after the port is open, and before the first answer.
  if (instance.conversation === null) {
    await ask(run, instance, { path: known.health ?? known.endpoint ?? '/', timeoutMs: plan.patienceMs });
  }
  await rest(run, instance);
  const servingMs = Math.round(now());
  const client = await connectTo(run, instance, known);
  try {
    const fromMs = await rest(run, instance);
    await delay(quietMs, undefined, { signal: plan.signal });
    const quiet = { fromMs, untilMs: Math.round(now()) };
    const called = await makeCalls(run, instance, tool, client);
    const stoppedMs = Math.round(now());
    if (server.signalCommand('SIGTERM')) {
      await Promise.race([server.exited, delay(endMs, undefined, { signal: plan.signal })]);
    }
    return { servingMs, quiet, stoppedMs, ...called };
  } finally {
    await client.close();
  }
}

async function makeCalls(
  run: ExperimentRun,
  instance: Instance,
  tool: CallableTool,
  client: LabClient,
): Promise<Pick<LoggingHistory, 'calls' | 'forgery' | 'failedBy'>> {
  const { known, plan, step } = run;
  const calls: LoggedCall[] = [];
  const call = async (purpose: LoggedCall['purpose'], words: Record<string, unknown>) => {
    const requestId = randomUUID();
    const made = await client.call(tool.name, words, {
      timeoutMs: plan.patienceMs,
      headers: { 'x-request-id': requestId, traceparent: traceparent(requestId) },
    });
    calls.push({ ...made, purpose, requestId, watchedMs: await rest(run, instance) });
  };

  const given = tool.arguments(0) ?? {};
  step('a call');
  await call('plain', tool.arguments(1) ?? given);

  const forgery = tool.textArgument === null ? null : forge(tool.textArgument);
  if (forgery !== null) {
    step('a call with a forged line as argument');
    const { argument, line } = forgery;
    // The quote ends a field, the escape erases a line on a terminal, the newline ends the line.
    await call('forgery', { ...given, [argument]: `x"\u001b[2K\n${line}\n` });
  }

  const unseen = tool.arguments(2);
  if (unseen !== undefined && obstacleTo('upstream', known.baseline) === null) {
    step('a call while the upstream resets its connections');
    await instance.gateway.set('reset');
    await call('failure', unseen);
    return { calls, forgery, failedBy: 'reset' };
  }
  const [forbidden] = tool.forbidden;
  if (forbidden === undefined) return { calls, forgery, failedBy: null };
  step('a call that the schema forbids');
  await call('failure', forbidden.arguments);
  return { calls, forgery, failedBy: 'arguments' };
}

function forge(argument: string): NonNullable<LoggingHistory['forgery']> {
  const marker = `FORGED-${randomBytes(4).toString('hex')}`;
  const time = new Date().toISOString();
  return { argument, line: JSON.stringify({ time, level: 'error', message: marker }), marker };
}

/** W3C Trace Context, section 3.2: version, trace id, parent id, sampled. */
function traceparent(requestId: string): string {
  return `00-${requestId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`;
}

/** Waits until nothing was written for a while. Returns when that was. */
async function rest({ plan: { signal } }: ExperimentRun, { server, now }: Instance): Promise<number> {
  const begin = now();
  for (;;) {
    await delay(50, undefined, { signal });
    const last = server.facts().output.lines.at(-1)?.atMs ?? 0;
    const at = now();
    if (at - Math.max(begin, last) >= restMs || at - begin >= longestWaitMs) return Math.round(at);
  }
}
