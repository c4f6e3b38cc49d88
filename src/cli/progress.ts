import { printable } from '../report/text.ts';
import type { CliContext } from './context.ts';

/** One line on stderr that tells what the run is waiting for. On a terminal only; elsewhere it is silent. */
export interface Progress {
  step: (text: string) => void;
  /** Takes the line away. */
  done: () => void;
}

export function createProgress({ stderr }: Pick<CliContext, 'stderr'>): Progress {
  if (!stderr.isTTY) return { step: () => {}, done: () => {} };
  const clear = '\r\u001b[K';
  return {
    step: (text) => stderr.write(`${clear}${printable(text, Math.max(20, (stderr.columns ?? 80) - 1))}`),
    done: () => stderr.write(clear),
  };
}
