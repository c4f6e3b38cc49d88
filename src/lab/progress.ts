/** How far one part of the lab is, for a person who waits. */
export interface LabProgress {
  /** The id of an experiment, or of another part of the lab. */
  id: string;
  question: string;
  /** What it does or waits for now. Null: it has ended. */
  step: string | null;
}

export type ReportProgress = (progress: LabProgress) => void;

/** Runs one part of the lab, and reports its steps and its end. */
export async function withProgress<T>(
  report: ReportProgress,
  id: string,
  question: string,
  work: (step: (text: string) => void) => Promise<T>,
): Promise<T> {
  try {
    return await work((step) => report({ id, question, step }));
  } finally {
    report({ id, question, step: null });
  }
}
