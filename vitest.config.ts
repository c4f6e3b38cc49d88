import { defineConfig } from 'vitest/config';

/** Suites that share one generated, installed and built project. */
const generated = ['test/scaffold/generated-project.test.ts', 'test/generated-audit.test.ts'];

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
          globalSetup: 'test/support/generated-project.setup.ts',
        },
      },
    ],
  },
});
