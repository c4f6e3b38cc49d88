import type { LineSink } from './log-sink.ts';

/**
 * Hands lines on together, once for every turn of the event loop and before the process exits: under load many requests are
 * answered in one turn, and a system call for each of their lines would be among the most expensive things they do.
 */
export function batchLines(sink: LineSink): LineSink {
  let lines = '';
  const flush = () => {
    const text = lines;
    lines = '';
    if (text !== '') sink.write(text);
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
