import { setTimeout as wait } from 'node:timers/promises';

/** Where lines go. */
export interface LineSink {
  /** One line or several, each with its line break. */
  write(lines: string): void;
}

// What is kept for a reader that is late. Some 15,000 lines.
const maxWaiting = 4 * 1024 * 1024;

const streams = new Set<NodeJS.WriteStream>();

/**
 * Resolves when no line waits in memory any more, or after `timeoutMs`. To be awaited before `process.exit`, which leaves
 * behind what waits, and cuts the line that is on its way.
 */
export async function linesWritten(timeoutMs = 2_000): Promise<void> {
  // Lines that are handed on once a turn are on their way after this one.
  await new Promise((resolve) => setImmediate(resolve));
  const open = [...streams].filter((stream) => stream.writable);
  const written = open.map((stream) => new Promise((resolve) => stream.write('', resolve)));
  await Promise.race([Promise.all(written), wait(timeoutMs)]);
}

/**
 * The process's own stdout or stderr, as something that neither stops nor ends the server.
 *
 * A line is in the pipe, file or terminal when `write` returns, so that a crash loses none of them. Only when a pipe is full, because
 * its reader is late or stands still, lines wait in memory up to a bound, and what comes on top is dropped and counted. (Node
 * does not block on full pipes, except on Windows.)
 */
export function openSink(name: 'stdout' | 'stderr'): LineSink {
  const stream = process[name];
  streams.add(stream);
  let broken = false;
  let dropped = 0;

  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (broken) return;
    broken = true;
    // A server without a log is better than none, but it should not become one in silence. Over stdio there is no other
    // way to say it: stdout is the protocol's.
    if (name === 'stdout')
      process.stderr.write(
        lineOf('error', 'nobody reads the log any more, it ends here', { code: error.code }),
      );
  });
  // Node itself writes warnings there.
  if (name === 'stdout') process.stderr.on('error', () => {});

  const put = (lines: string) => {
    try {
      stream.write(lines);
    } catch {
      // A file on a full disk. There may be room again later.
      dropped += countOf(lines);
    }
  };
  return {
    write: (lines) => {
      if (broken) return;
      if (stream.writableLength > maxWaiting) {
        dropped += countOf(lines);
        return;
      }
      if (dropped > 0) {
        const untold = dropped;
        dropped = 0;
        put(lineOf('warn', 'lines dropped, they could not be written', { lines: untold }));
      }
      put(lines);
    },
  };
}

function countOf(lines: string): number {
  return lines.split('\n').length - 1;
}

function lineOf(level: string, message: string, fields: object): string {
  return `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, message })}\n`;
}
