import { createInterface } from 'node:readline';
import { serve as serveAsUsual } from '../../parts/stdio.mjs';

/** Dies of a line that is no JSON: nobody catches what the parser throws. */
export function serve(options) {
  createInterface({ input: process.stdin }).on('line', (line) => JSON.parse(line));
  serveAsUsual(options);
}
