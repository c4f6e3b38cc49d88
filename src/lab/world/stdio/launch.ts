import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchOutcome } from '../../../evidence/lab/launch.ts';
import type { LabClient } from '../../client/client.ts';
import { type LaunchedServer, launchedServer, stopOnError } from '../launcher/launch.ts';
import { type ProcessOptions, type StartedProcess, startProcess } from '../launcher/process.ts';
import { processFacts } from '../launcher/readiness.ts';
import { converse, type Era } from './conversation.ts';
import { openPipes, type Pipes } from './pipes.ts';

export interface StdioOptions extends Omit<ProcessOptions, 'pipeStdio'> {
  /** Milliseconds until it has to serve its client. */
  startTimeoutMs: number;
  /** The only one that the client speaks. Default: the one that the server speaks. */
  era?: Era | undefined;
  clientVersion: string;
  signal: AbortSignal;
}

/** The connection to a server over stdio: it has one client, the one that started it. */
export interface Conversation {
  /** Null: the server served none. */
  client: LabClient | null;
  /** Why the server served none, masked. */
  refusal: string | null;
  /** Ends the server's standard input, as a client does that leaves. */
  endInput: () => void;
  /** Bypasses the client. */
  pipes: Pick<Pipes, 'write' | 'answer' | 'ended'>;
}

/**
 * Runs the start command and waits until it serves a client on its standard input and output, it exits, or the time is up.
 * Stop it in any case.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function launchStdio(
  options: StdioOptions,
): Promise<{ server: LaunchedServer; conversation: Conversation }> {
  options.signal.throwIfAborted();
  const command = startProcess({ ...options, pipeStdio: true });
  const stdin = command.stdin as Writable;
  const pipes = openPipes({
    stdin,
    stdout: command.stdout,
    onOther: (line, cut) => command.output.line('stdout', line, cut),
  });
  const { client, refusal, outcome } = await stopOnError(command, async () => {
    const connection = await connect(pipes, options);
    const served = connection.client !== null;
    return { ...connection, outcome: await (served ? speaking : unserved)(options, command) };
  });
  const launch = { port: null, portEnv: null, outcome };
  const server = launchedServer(options, command, launch, { origin: null, pid: command.pid });
  return {
    server: { ...server, facts: () => ({ ...server.facts(), messages: pipes.messages() }) },
    conversation: { client, refusal, endInput: () => void stdin.end(), pipes },
  };
}

async function connect(
  pipes: Pipes,
  options: StdioOptions,
): Promise<Pick<Conversation, 'client' | 'refusal'>> {
  try {
    const client = await converse(pipes, { ...options, timeoutMs: options.startTimeoutMs }, options.era);
    // The client ends with the server.
    return { client: { ...client, close: async () => {} }, refusal: null };
  } catch (error) {
    options.signal.throwIfAborted();
    return { client: null, refusal: (error as Error).message };
  }
}

/** Milliseconds from the end of its output to the exit of a process that is about to exit. */
const exitMs = 2_000;

async function unserved(
  { inspector, now }: StdioOptions,
  { tree, exited, outputEnded }: StartedProcess,
): Promise<LaunchOutcome> {
  const afterMs = Math.round(now());
  const over = await Promise.race([exited.then(() => true), delay(exitMs, false)]);
  if (!over) return { kind: 'silent', afterMs, processes: await inspector.members(tree) };
  await outputEnded();
  return { kind: 'exited' };
}

async function speaking(
  { inspector, now }: StdioOptions,
  { tree, pid }: StartedProcess,
): Promise<LaunchOutcome> {
  const afterMs = Math.round(now());
  const facts = await processFacts(inspector, tree, pid);
  return { kind: 'speaking', afterMs, uid: facts?.uid ?? null, processes: facts?.session ?? [] };
}
