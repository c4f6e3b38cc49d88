import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Loading the SDK and Fastify anew for each file takes longer than the tests. None of them changes a module.
    isolate: false,
    // What stands in for the weather service is on this machine, also where a proxy is set.
    env: { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
  },
});
