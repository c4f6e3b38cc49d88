import { connect, type Socket } from 'node:net';
import type { DescriptorsHistory } from '../../evidence/lab/descriptors.ts';
import type { Experiment } from '../../evidence/lab/experiment.ts';
import { pause } from '../async/pause.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { setFileLimit } from '../world/launcher/file-limit.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle } from './obstacles.ts';

/** Files that the server may open beyond those that are open. */
const spare = 8;
const connections = 60;
/** Milliseconds that they are held, to include what a server does from time to time. */
const holdMs = 1_500;
/** Milliseconds for health while the server accepts no connection, and afterwards. */
const meanwhileMs = 1_000;
const afterwardsMs = 5_000;
const pauseMs = 500;

/** Too many clients at once: the server must survive, and serve again when they are gone. */
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
      return { ran: false, reason: 'Only Linux can lower the limit of a running process.' };
    }
    if (health === null && tool === null) {
      return {
        ran: false,
        reason: 'Neither a health path nor a tool is known that would show whether the server still serves.',
        help: 'Name them in "health" and "tool".',
      };
    }
    return withInstance(
      run,
      {},
      async (instance) =>
        listenerObstacle({ launch: instance.server.facts() }) ?? (await exhaust(run, instance)),
    );
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
    return { ran: false, reason: 'The open files of the server and their limit could not be determined.' };
  }
  const limit = before.openFiles + spare;
  const failure = await setFileLimit(before.pid, limit);
  if (failure !== null) return { ran: false, reason: failure, help: 'prlimit is part of util-linux.' };
  step('holding more connections than the server may open files');
  const openedMs = Math.round(now());
  const crowd = openCrowd(server.origin ?? new URL('http://127.0.0.1'));
  let exhausted: DescriptorsHistory['exhausted'];
  let held: number;
  try {
    const [polled] = await Promise.all([Promise.all(poll(meanwhileMs)), pause(holdMs, run.signal)]);
    requests.push(...polled);
    exhausted = await server.listener();
    held = crowd.open();
  } finally {
    crowd.leave();
    await setFileLimit(before.pid, soft);
  }
  const closedMs = Math.round(now());
  step('waiting until the server serves again');
  while (run.known.health !== null && server.facts().exit === null) {
    const [last] = await Promise.all(poll(afterwardsMs));
    if (last !== undefined) requests.push(last);
    const served = last?.outcome.kind === 'answer' && last.outcome.status < 500;
    if (served || now() - closedMs > plan.patienceMs) break;
    await pause(pauseMs, run.signal);
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

/** Calls with a client of its own, which leaves no connection. A client that cannot connect makes no call. */
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
    run.signal.throwIfAborted();
    return [];
  }
}

/** Connections that send nothing. */
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
