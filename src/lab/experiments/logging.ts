import { randomBytes, randomUUID } from 'node:crypto';
import type { LoggedCall, LoggingHistory } from '../../evidence/lab/logging.ts';
import { pause } from '../async/pause.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { type ForgedText, forgedTexts, piecesOf } from '../client/forged-text.ts';
import { ask } from '../client/http.ts';
import type { CallableTool } from '../known-server.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { obstacleTo } from './obstacles.ts';

/** Milliseconds without a line after which the output is quiet. */
const restMs = 400;
/** Milliseconds to wait for output that never is quiet. */
const longestWaitMs = 3_000;
/** Milliseconds in which the lab sends nothing, to see what the server logs anyway. */
const quietMs = 800;
/** Milliseconds for a server to flush its log after SIGTERM. */
const endMs = 3_000;

/** What the server writes while a tool is called is its log. */
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
        return { ran: false, reason: 'The server did not serve on this launch.' };
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
  run.step('waiting for the log lines of the start');
  // Startup lines may come after the port is open, but before the first response.
  if (instance.conversation === null) {
    await ask(run, instance, { path: known.health ?? known.endpoint ?? '/', timeoutMs: plan.patienceMs });
  }
  await rest(run, instance);
  const servingMs = Math.round(now());
  const client = await connectTo(run, instance, known);
  try {
    const fromMs = await rest(run, instance);
    await pause(quietMs, run.signal);
    const quiet = { fromMs, untilMs: Math.round(now()) };
    const called = await makeCalls(run, instance, tool, client);
    const stoppedMs = Math.round(now());
    if (server.signalCommand('SIGTERM')) await waitForExit(server, endMs, run.signal);
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
): Promise<Pick<LoggingHistory, 'calls' | 'forgeries' | 'failedBy'>> {
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
  step('calling a tool');
  await call('plain', tool.arguments(1) ?? given);

  const forgeries: LoggingHistory['forgeries'] = [];
  const send = async ({ forgery, arguments: forged }: ForgedText) => {
    step(`calling it with a forged log line in ${forgery.argument}`);
    forgeries.push(forgery);
    await call('forgery', forged);
  };
  let explained = false;
  for (const forged of forgedTexts(tool.textArguments)) {
    await send(forged);
    if (explained || !forged.forgery.allowed || !isRefused(calls.at(-1))) continue;
    explained = true;
    for (const piece of piecesOf(forged)) await send(piece);
  }

  const unseen = tool.arguments(2);
  if (unseen !== undefined && obstacleTo('upstream', known.baseline) === null) {
    step('calling it while the upstream resets connections');
    await instance.gateway.set('reset');
    await call('failure', unseen);
    return { calls, forgeries, failedBy: 'reset' };
  }
  const [forbidden] = tool.forbidden;
  if (forbidden === undefined) return { calls, forgeries, failedBy: null };
  step('calling it with forbidden arguments');
  await call('failure', forbidden.arguments);
  return { calls, forgeries, failedBy: 'arguments' };
}

/** Whether the server read the call and refused it. */
const isRefused = (call: LoggedCall | undefined): boolean =>
  call?.outcome.kind === 'protocol-error' || (call?.outcome.kind === 'result' && call.outcome.isError);

/** W3C Trace Context, section 3.2: version, trace id, parent id, sampled. */
function traceparent(requestId: string): string {
  return `00-${requestId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`;
}

/** Waits until the server has written nothing for a while. Returns the time. */
async function rest({ signal }: ExperimentRun, { server, now }: Instance): Promise<number> {
  const begin = now();
  for (;;) {
    await pause(50, signal);
    const last = server.facts().output.lines.at(-1)?.atMs ?? 0;
    const at = now();
    if (at - Math.max(begin, last) >= restMs || at - begin >= longestWaitMs) return Math.round(at);
  }
}
