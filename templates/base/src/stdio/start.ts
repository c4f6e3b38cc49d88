import { PassThrough } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { loadDotEnv, readSettings } from '../config.ts';
import { linesWritten, openSink } from '../logging/log-sink.ts';
import { createLogger } from '../logging/logger.ts';
import { startObservers } from '../observers.ts';
import { Drain } from '../process/drain.ts';
import { CallFollower } from '../process/follow-calls.ts';
import { startOrExit } from '../process/start-or-exit.ts';
import { onStopSignal } from '../process/stop-signals.ts';
import { createServer } from '../server.ts';
import { createServices } from '../services.ts';
import { coreSettings } from '../settings.ts';

// Every call to the weather service is bounded, so that this one is reached by a defect only.
const drainTimeoutMs = 10_000;

/**
 * Starts the process that serves one client over stdin and stdout. It ends with 0 when the input ends or a signal comes,
 * and the calls in flight are answered before.
 */
export function startStdio(): void {
  // stdout belongs to the protocol here: one line that is not JSON-RPC and the client hangs up.
  const log = createLogger(openSink('stderr'));
  startOrExit(log, async () => {
    loadDotEnv();
    const settings = readSettings(coreSettings, process.env);
    log.level = settings.LOG_LEVEL;

    const services = createServices(settings);
    const { events } = services;
    const stopObservers = await startObservers({ events, log, settings });
    const drain = new Drain();
    // The SDK drops the calls in flight when its input ends. So this one ends when they have been answered.
    const input = new PassThrough();
    const connection = serveStdio(() => createServer(services), {
      transport: followed(new StdioServerTransport(input), new CallFollower(drain)),
      onerror: (error) => events.emit('messageRefused', { reason: error.message }),
    });

    const stop = async () => {
      if (drain.started) return;
      drain.announce();
      process.stdin.unpipe(input);
      // What has been read is still on its way to the SDK.
      await new Promise(setImmediate);
      const cut = await drain.finish(drainTimeoutMs);
      await connection.close();
      await services.close();
      await stopObservers();
      await linesWritten();
      process.exit(cut > 0 ? 1 : 0);
    };
    process.stdin.once('end', stop).once('error', stop);
    // The client reads no more: nothing can be answered.
    process.stdout.once('error', () => process.exit(0));
    onStopSignal(() => (drain.started ? process.exit(drain.size > 0 ? 1 : 0) : stop()));
    process.stdin.pipe(input, { end: false });
    log.info('serving on stdio');
  });
}

/** Lets `calls` see every message. */
function followed(transport: StdioServerTransport, calls: CallFollower): StdioServerTransport {
  const send = transport.send.bind(transport);
  transport.send = async (message) => {
    await send(message);
    calls.sent(message);
  };
  const start = transport.start.bind(transport);
  transport.start = () => {
    const { onmessage } = transport;
    transport.onmessage = (message) => {
      calls.received(message);
      onmessage?.(message);
    };
    return start();
  };
  return transport;
}
