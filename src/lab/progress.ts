/** How far one part of the lab is, for a person who waits. */
export interface LabProgress {
  /** The id of an experiment, or of another part of the lab. */
  id: string;
  question: string;
  /** What it does or waits for now. Null: it has ended. */
  step: string | null;
}

export type TellProgress = (progress: LabProgress) => void;

/** Runs one part of the lab, and reports its steps and its end. */
export async function withProgress<T>(
  tell: TellProgress,
  id: string,
  question: string,
  work: (step: (text: string) => void) => Promise<T>,
): Promise<T> {
  try {
    return await work((step) => tell({ id, question, step }));
  } finally {
    tell({ id, question, step: null });
  }
}
