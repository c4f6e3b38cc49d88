import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchFacts, LaunchOutcome } from '../../../evidence/lab/launch.ts';
import type { LabClient } from '../../client/client.ts';
import type { LaunchedServer } from '../launcher/launch.ts';
import { type ProcessOptions, type StartedProcess, startProcess } from '../launcher/process.ts';
import { processFacts } from '../launcher/readiness.ts';
import { converse, type Era } from './conversation.ts';
import { openPipes, type Pipes } from './pipes.ts';

export interface SpeakerOptions extends Omit<ProcessOptions, 'speaks'> {
  /** Milliseconds until it has to serve its client. */
  startTimeoutMs: number;
  /** The only one that the client speaks; default: whichever the server does. */
  era?: Era | undefined;
  clientVersion: string;
  signal: AbortSignal;
}

/** What goes on with a server that speaks stdio: the one client that it has started it, and there is no other. */
export interface Conversation {
  /** Null: none was served. */
  client: LabClient | null;
  /** Why none was, masked. */
  refusal: string | null;
  /** Ends the server's standard input, as a client does that leaves. */
  endInput: () => void;
  /** Past the client. */
  pipes: Pick<Pipes, 'write' | 'answer' | 'ended'>;
}

/**
 * Runs the start command and waits until a client is served on its standard input and output, it is over, or the time is
 * up; what came is in the facts. Stop it in any case.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function launchSpeaker(
  options: SpeakerOptions,
): Promise<{ server: LaunchedServer; conversation: Conversation }> {
  const { inspector, signal } = options;
  signal.throwIfAborted();
  const command = startProcess({ ...options, speaks: true });
  const { pid, shell, kin, output } = command;
  // It is a pipe, because it speaks.
  const stdin = command.stdin as Writable;
  const pipes = openPipes({
    stdin,
    stdout: command.stdout,
    onOther: (line, cut) => output.line('stdout', line, cut),
  });
  let outcome: LaunchOutcome;
  let client: LabClient | null = null;
  let refusal: string | null = null;
  try {
    try {
      const connected = await converse(pipes, { ...options, timeoutMs: options.startTimeoutMs }, options.era);
      // It ends with the server.
      client = { ...connected, close: async () => {} };
    } catch (error) {
      signal.throwIfAborted();
      refusal = (error as Error).message;
    }
    outcome = client === null ? await unserved(options, command) : await speaking(options, command);
  } catch (error) {
    await command.stop();
    throw error;
  }
  const facts = (): LaunchFacts => ({
    pid,
    shell,
    port: null,
    portEnv: null,
    outcome,
    exit: command.exit(),
    output: output.facts(),
    messages: pipes.messages(),
  });
  return {
    server: {
      serves: client !== null,
      origin: null,
      facts,
      listener: () => processFacts(inspector, kin, pid),
      exited: command.exited,
      signalCommand: command.signal,
      signalListener: command.signal,
      processes: () => inspector.members(kin),
      stop: command.stop,
    },
    conversation: { client, refusal, endInput: () => void stdin.end(), pipes },
  };
}

/** Milliseconds from the end of its output to the end of a process that is about to end. */
const endingMs = 2_000;

async function unserved(
  { inspector, now }: SpeakerOptions,
  { kin, exited, outputEnded }: StartedProcess,
): Promise<LaunchOutcome> {
  const afterMs = Math.round(now());
  const over = await Promise.race([exited.then(() => true), delay(endingMs, false)]);
  if (!over) return { kind: 'silent', afterMs, processes: await inspector.members(kin) };
  await outputEnded();
  return { kind: 'exited' };
}

async function speaking(
  { inspector, now }: SpeakerOptions,
  { kin, pid }: StartedProcess,
): Promise<LaunchOutcome> {
  const afterMs = Math.round(now());
  const facts = await processFacts(inspector, kin, pid);
  return { kind: 'speaking', afterMs, uid: facts?.uid ?? null, processes: facts?.session ?? [] };
}
