import { defineConfig } from 'vitest/config';

/** Suites that share generated, installed and built projects. */
const generated = ['test/generated/**/*.test.ts', 'test/conformance/*.test.ts'];

const shared = {
  // Suites start real servers and install real packages: slow machines get time, hung ones still end.
  testTimeout: 60_000,
  hookTimeout: 240_000,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: { ...shared, name: 'mcp-prod', include: ['test/**/*.test.ts'], exclude: generated },
      },
      {
        test: {
          ...shared,
          name: 'generated',
          include: generated,
          globalSetup: 'test/support/generated-projects.setup.ts',
        },
      },
    ],
  },
});
