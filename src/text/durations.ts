/** "1.2 s" */
export const seconds = (durationMs: number, digits = 1): string => `${(durationMs / 1000).toFixed(digits)} s`;

/** "12 ms" */
export const milliseconds = (durationMs: number): string => `${Math.round(durationMs)} ms`;
