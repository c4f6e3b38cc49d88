/** Settings of the store in tests that need no Redis: nothing listens there, so the server keeps everything in memory. */
export const storeEnv: Record<string, string> = { REDIS_URL: 'redis://127.0.0.1:1' };

/** Whether the store cannot be reached in tests. */
export const storeIsLost = true;
