import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { DescriptorsHistory } from '../../evidence/lab/descriptors.ts';
import type { Experiment } from '../../evidence/lab/experiment.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { setFileLimit } from '../world/launcher/file-limit.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle } from './obstacles.ts';

/** Files that the server may open beyond those it has. */
const spare = 8;
const connections = 60;
/** Milliseconds that they are held: what a server does from time to time comes by as well. */
const holdMs = 1_500;
/** Milliseconds for health while no connection is taken, and afterwards. */
const meanwhileMs = 1_000;
const afterwardsMs = 5_000;
const pauseMs = 500;

/** Too many clients at once: does the server come through, and serve again when they have gone? */
export const descriptors: ExperimentOf<'descriptors'> = {
  id: 'descriptors',
  question: 'Does the server survive running out of file descriptors?',
  does: `Lets the server open ${spare} more files, and opens ${connections} connections. Needs Linux.`,
  over: ['http'],
  needs: 'listener',
  seconds: 3,
  run: async (run) => {
    const { health, tool } = run.known;
    if (process.platform !== 'linux') {
      return { ran: false, reason: 'The limit of a running process can be lowered on Linux only.' };
    }
    if (health === null && tool === null) {
      return {
        ran: false,
        reason: 'There is neither a health endpoint nor a tool to ask whether it still serves.',
        help: 'Name them in "health" and "tool".',
      };
    }
    const instance = await startInstance(run);
    try {
      return listenerObstacle({ launch: instance.server.facts() }) ?? (await exhaust(run, instance));
    } finally {
      await instance.stop();
    }
  },
};

async function exhaust(run: ExperimentRun, instance: Instance): Promise<Experiment<DescriptorsHistory>> {
  const { plan, step } = run;
  const { server, gateway, now } = instance;
  const poll = (timeoutMs: number) =>
    run.known.health === null ? [] : [ask(run, instance, { path: run.known.health, timeoutMs })];
  const requests = await Promise.all(poll(afterwardsMs));
  const calls = await callOnce(run, instance);

  const before = await server.listener();
  const soft = before?.openFilesLimit?.soft;
  if (before === null || before.openFiles === null || !soft) {
    return { ran: false, reason: 'Its open files and their limit cannot be seen.' };
  }
  const limit = before.openFiles + spare;
  const failure = await setFileLimit(before.pid, limit);
  if (failure !== null) return { ran: false, reason: failure, help: 'It is part of util-linux.' };
  step('holding more connections than it may open files');
  const openedMs = Math.round(now());
  const crowd = openCrowd(server.origin ?? new URL('http://127.0.0.1'));
  let exhausted: DescriptorsHistory['exhausted'];
  let held: number;
  try {
    const [polled] = await Promise.all([
      Promise.all(poll(meanwhileMs)),
      delay(holdMs, undefined, { signal: plan.signal }),
    ]);
    requests.push(...polled);
    exhausted = await server.listener();
    held = crowd.open();
  } finally {
    crowd.leave();
    await setFileLimit(before.pid, soft);
  }
  const closedMs = Math.round(now());
  step('waiting until it serves again');
  while (run.known.health !== null && server.facts().exit === null) {
    const [last] = await Promise.all(poll(afterwardsMs));
    if (last !== undefined) requests.push(last);
    const served = last?.outcome.kind === 'answer' && last.outcome.status < 500;
    if (served || now() - closedMs > plan.patienceMs) break;
    await delay(pauseMs, undefined, { signal: plan.signal });
  }
  calls.push(...(await callOnce(run, instance)));
  const crowded = { limit, tried: connections, held, openedMs, closedMs, exhausted };
  return {
    ran: true,
    history: {
      ...crowded,
      listener: await server.listener(),
      launch: server.facts(),
      requests,
      calls,
      gateway: gateway.record(),
    },
  };
}

/** By a client of its own, which leaves no connection behind. One that does not connect makes no call. */
async function callOnce(run: ExperimentRun, instance: Instance): Promise<DescriptorsHistory['calls']> {
  const { tool } = run.known;
  const words = tool?.arguments(0);
  if (tool === null || words === undefined) return [];
  try {
    const client = await connectTo(run, instance, run.known);
    const call = await client.call(tool.name, words, { timeoutMs: 2 * afterwardsMs });
    await client.close();
    return [call];
  } catch {
    run.plan.signal.throwIfAborted();
    return [];
  }
}

/** Connections that say nothing. */
function openCrowd({ hostname, port }: URL): { open: () => number; leave: () => void } {
  const open = new Set<Socket>();
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    socket.once('connect', () => open.add(socket));
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.resume();
    return socket;
  });
  return {
    open: () => open.size,
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
