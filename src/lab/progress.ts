/** How far the lab is, for a person who waits. */
export interface LabProgress {
  /** An experiment by its id, or another part of the lab. */
  id: string;
  question: string;
  /** What it does or waits for now; null: it is over. */
  step: string | null;
}

export type TellProgress = (progress: LabProgress) => void;
