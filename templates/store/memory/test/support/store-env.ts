/** Settings of the store in tests. */
export const storeEnv: Record<string, string> = {};

/** Whether the store cannot be reached in tests. */
export const storeIsLost = false;
