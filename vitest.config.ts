import { defineConfig } from 'vitest/config';

/** Suites that share generated, installed and built projects. */
const generated = ['test/generated/**/*.test.ts', 'test/conformance/*.test.ts'];

/** Deployment files against the programs that read them: container builds, nginx, Prometheus and others. */
const deploy = ['test/deploy/**/*.test.ts'];

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
        test: {
          ...shared,
          name: 'mcp-prod',
          include: ['test/**/*.test.ts'],
          exclude: [...generated, ...deploy],
        },
      },
      {
        test: {
          ...shared,
          name: 'generated',
          include: generated,
          globalSetup: 'test/support/generated-projects.setup.ts',
        },
      },
      {
        test: { ...shared, name: 'deploy', include: deploy },
      },
    ],
  },
});
