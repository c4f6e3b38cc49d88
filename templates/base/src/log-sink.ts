import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { destination } from 'pino';

/** Where lines go. */
export interface LineSink {
  write(line: string): void;
}

// What is kept for a reader that is late. Some 15,000 lines.
const maxWaiting = 4 * 1024 * 1024;

/**
 * The process's own stdout or stderr.
 *
 * Files and terminals are written to synchronously. A pipe is not, because a reader that stands still would then stop the
 * server with its next line. Lines still are in the pipe when `write` returns, so that a crash loses none; only when the
 * pipe is full they wait in memory, up to a bound, and what comes on top is dropped and counted.
 */
export function openSink(name: 'stdout' | 'stderr'): LineSink {
  const fd = name === 'stdout' ? 1 : 2;
  const file = fstatSync(fd);
  if (file.isFIFO() || file.isSocket()) return pipeSink(fd);
  return destination({ dest: fd, sync: true });
}

/** The descriptor stays open when the stream has failed: whatever got its number next would receive stray output. */
class StdioSocket extends Socket {
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error);
  }
}

function pipeSink(fd: number): LineSink {
  const socket = new StdioSocket({ fd, readable: false, writable: true });
  socket.unref();
  let broken = false;
  let dropped = 0;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    broken = true;
    // A server without a log is better than none, but it should not become one in silence.
    tell(fd === 1 ? 2 : 1, 'error', 'nobody reads the log any more, it ends here', { code: error.code });
  });
  return {
    write: (line) => {
      if (broken) return;
      if (socket.writableLength > maxWaiting) {
        dropped += 1;
        return;
      }
      if (dropped > 0) {
        socket.write(lineOf('warn', 'lines dropped, the log was not read', { lines: dropped }));
        dropped = 0;
      }
      socket.write(line);
    },
  };
}

function tell(fd: number, level: string, message: string, fields: object): void {
  // Over stdio, stdout is the protocol's.
  if (fd === 1) return;
  try {
    writeSync(fd, lineOf(level, message, fields));
  } catch {
    // Then there is nowhere left to say it.
  }
}

function lineOf(level: string, message: string, fields: object): string {
  return `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, message })}\n`;
}
