/** Settings of the store in tests. */
export const storeEnv: Record<string, string> = {};
