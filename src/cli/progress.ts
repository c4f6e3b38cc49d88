import { count } from '../text/counts.ts';
import { printable } from '../text/printable.ts';
import type { CliContext } from './context.ts';

/** Lines on stderr that tell what the run is waiting for. On a terminal only; elsewhere it is silent. */
export interface Progress {
  /** The one thing that is done now. */
  step: (text: string) => void;
  /** Of several things that are done side by side, how far one of them is; null: it is over. */
  tell: (part: { id: string; question: string; step: string | null }) => void;
  /** Takes the lines away. */
  done: () => void;
}

/** Lines of things that are done side by side; more would push the screen up. */
const maxLines = 20;

export function createProgress({ stderr }: Pick<CliContext, 'stderr'>): Progress {
  if (!stderr.isTTY) return { step: () => {}, tell: () => {}, done: () => {} };
  let shown = 0;
  const parts = new Map<string, { question: string; step: string | null }>();

  const show = (lines: string[]) => {
    const width = Math.max(20, (stderr.columns ?? 80) - 1);
    const up = shown > 1 ? `\u001b[${shown - 1}A` : '';
    const text = lines.map((line) => printable(line, width)).join('\n');
    // From the first line to the end of the screen.
    stderr.write(`${up}\r\u001b[J${text}`);
    shown = lines.length;
  };

  return {
    step: (text) => show([text]),
    tell: ({ id, question, step }) => {
      parts.set(id, { question, step });
      const all = [...parts.values()];
      const open = all.filter((part) => part.step !== null);
      const lines = open.slice(0, maxLines).map((part) => `  ${part.question} ${part.step}`);
      const more = open.length > maxLines ? [`  and ${open.length - maxLines} more`] : [];
      show([`${count(all.length, 'question')}, ${all.length - open.length} answered`, ...lines, ...more]);
    },
    done: () => {
      if (shown > 0) show(['']);
    },
  };
}
