import type { Readable } from 'node:stream';
import type { OutputFacts, OutputLine } from '../../../evidence/lab/launch.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';

/** Characters to keep of a line. Longer lines are marked as cut. */
const maxLineCharacters = 16 * 1024;
/** Characters beyond that, so that a secret at the cut is masked completely. */
const spareCharacters = 8 * 1024;
/** Lines to keep of the beginning, and of the end. */
const keptLines = 1_000;
/** Characters to keep of the beginning, and of the end. */
const keptCharacters = 512 * 1024;

export interface OutputRecord {
  /** Records a stream from now on. */
  follow: (name: OutputLine['stream'], stream: Readable) => void;
  /** Records one line of a stream that another module reads. */
  line: (name: OutputLine['stream'], text: string, cut: boolean) => void;
  facts: () => OutputFacts;
}

/** Records what a server prints, line by line with its time, masked and bounded. */
export function recordOutput(canaries: Canaries, now: Clock): OutputRecord {
  const head: OutputLine[] = [];
  const tail: OutputLine[] = [];
  let headCharacters = 0;
  let tailCharacters = 0;
  let droppedLines = 0;
  let droppedBytes = 0;

  const add = (line: OutputLine) => {
    if (tail.length === 0 && head.length < keptLines && headCharacters < keptCharacters) {
      head.push(line);
      headCharacters += line.text.length;
      return;
    }
    tail.push(line);
    tailCharacters += line.text.length;
    while (tail.length > keptLines || tailCharacters > keptCharacters) {
      const dropped = tail.shift();
      if (dropped === undefined) return;
      tailCharacters -= dropped.text.length;
      droppedLines += 1;
      droppedBytes += Buffer.byteLength(dropped.text);
    }
  };

  const line: OutputRecord['line'] = (name, text, cut) => {
    const isCut = cut || text.length > maxLineCharacters;
    add({
      stream: name,
      atMs: Math.round(now()),
      text: canaries.beginning(text, maxLineCharacters),
      ...(isCut && { cut: true }),
      ...canaries.leaksIn(text),
    });
  };

  const follow = (name: OutputLine['stream'], stream: Readable) => {
    stream.setEncoding('utf8');
    let rest = '';
    /** The current line is longer than what is kept of it. */
    let overlong = false;
    const end = (cut: boolean) => {
      line(name, rest, cut || overlong);
      rest = '';
      overlong = false;
    };
    const take = (piece: string) => {
      const room = Math.max(0, maxLineCharacters + spareCharacters - rest.length);
      if (piece.length > room) droppedBytes += Buffer.byteLength(piece.slice(room));
      rest += piece.slice(0, room);
      if (piece.length > room) overlong = true;
    };
    stream.on('data', (text: string) => {
      const pieces = text.split('\n');
      for (const [index, piece] of pieces.entries()) {
        take(piece);
        if (index < pieces.length - 1) end(false);
      }
    });
    stream.on('error', () => {});
    stream.on('end', () => {
      if (rest !== '') end(true);
    });
  };

  return { follow, line, facts: () => ({ lines: [...head, ...tail], droppedLines, droppedBytes }) };
}
