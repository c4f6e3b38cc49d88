import { count } from '../text/counts.ts';
import { printable } from '../text/printable.ts';
import type { CliContext } from './context.ts';

/** Lines on stderr that show what the run waits for. Silent unless stderr is a terminal. */
export interface Progress {
  /** Shows the one current step. */
  step: (text: string) => void;
  /** Shows the current step of one of several concurrent tasks; null: the task is done. */
  report: (task: { id: string; question: string; step: string | null }) => void;
  /** Removes the lines. */
  done: () => void;
}

/** More lines could scroll the screen. */
const maxLines = 20;

export function createProgress({ stderr }: Pick<CliContext, 'stderr'>): Progress {
  if (!stderr.isTTY) return { step: () => {}, report: () => {}, done: () => {} };
  let shown = 0;
  const tasks = new Map<string, { question: string; step: string | null }>();

  const show = (lines: string[]) => {
    const width = Math.max(20, (stderr.columns ?? 80) - 1);
    const up = shown > 1 ? `\u001b[${shown - 1}A` : '';
    const text = lines.map((line) => printable(line, width)).join('\n');
    // Clears from the first line to the end of the screen.
    stderr.write(`${up}\r\u001b[J${text}`);
    shown = lines.length;
  };

  return {
    step: (text) => show([text]),
    report: ({ id, question, step }) => {
      tasks.set(id, { question, step });
      const all = [...tasks.values()];
      const open = all.filter((task) => task.step !== null);
      const lines = open.slice(0, maxLines).map((task) => `  ${task.question} ${task.step}`);
      const more = open.length > maxLines ? [`  and ${open.length - maxLines} more`] : [];
      show([`${count(all.length, 'question')}, ${all.length - open.length} answered`, ...lines, ...more]);
    },
    done: () => {
      if (shown > 0) show(['']);
    },
  };
}
